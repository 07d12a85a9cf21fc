"""What is handed to people: what each reader may see, and the formats it comes in."""
