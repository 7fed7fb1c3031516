"""Writes tables that come with scikit-learn to tables/*.csv, with few digits and not too many rows.

    python3 test/bench/verdicts/tables.py

Written with scikit-learn 1.2.1.
"""
import os

from sklearn import datasets

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tables")
os.makedirs(folder, exist_ok=True)


def write(name, columns, rows):
    with open(os.path.join(folder, f"{name}.csv"), "w") as file:
        file.write(",".join(columns) + "\n")
        for row in rows:
            file.write(",".join(f"{value:.5g}" for value in row) + "\n")


def named(names):
    return [name.replace(" (cm)", "").replace(" ", "_").replace("/", "_") for name in names]


iris = datasets.load_iris()
write("iris", named(iris.feature_names) + ["species"], [[*x, y] for x, y in zip(iris.data, iris.target)])
wine = datasets.load_wine()
write("wine", named(wine.feature_names) + ["cultivar"], [[*x, y] for x, y in zip(wine.data, wine.target)])
cancer = datasets.load_breast_cancer()
write("cancer", named(cancer.feature_names[:10]) + ["benign"], [[*x[:10], y] for x, y in zip(cancer.data, cancer.target)])
diabetes = datasets.load_diabetes(scaled=False)
write("diabetes", named(diabetes.feature_names) + ["progression"], [[*x, y] for x, y in zip(diabetes.data, diabetes.target)])
linnerud = datasets.load_linnerud()
write("linnerud", named(linnerud.feature_names) + named(linnerud.target_names), [[*x, *y] for x, y in zip(linnerud.data, linnerud.target)])
