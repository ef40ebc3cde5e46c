"""Models that a reader of the lessons would try, with what is asked of each."""

from __future__ import annotations

MODELS: dict[str, tuple[str, tuple[str, ...]]] = {
    "quadratic": (
        "A : n x n; x : n; J := xᵀ A x",
        ("∂J/∂x", "∂J/∂A"),
    ),
    "least squares": (
        "A : m x n; x : n; b : m; J := ‖A x - b‖²",
        ("∂J/∂x", "∂J/∂A", "∂J/∂b"),
    ),
    "norm unsquared": (
        "x : n; J := ‖x‖",
        ("∂J/∂x",),
    ),
    "means": (
        "X : m x n; y : m; s := mean(X, axis=1); J := mean((s - y)**2)",
        ("∂J/∂X", "∂J/∂s", "∂J/∂y"),
    ),
    "det": (
        "A : n x n; J := det(A)",
        ("∂J/∂A",),
    ),
    "logdet": (
        "A : n x n; J := log(det(A))",
        ("∂J/∂A",),
    ),
    "trace": (
        "A : m x n; B : n x m; J := tr(A B)",
        ("∂J/∂A", "∂J/∂B"),
    ),
    "trace inv": (
        "A : n x n; J := tr(inv(A))",
        ("∂J/∂A",),
    ),
    "inverse form": (
        "A : n x n; a : n; b : n; J := aᵀ inv(A) b",
        ("∂J/∂A", "∂J/∂a"),
    ),
    "softmax rows CE": (
        "Z : m x k; Y : m x k; S := softmax(Z, axis=1); J := -sum(Y ⊙ log(S))",
        ("∂J/∂Z",),
    ),
    "softmax cols CE": (
        "W : k x n; X : n x m; Y : k x m columns sum to 1; Z := W X; S := softmax(Z, axis=0); "
        "J := -1/m sum(Y ⊙ log(S))",
        ("∂J/∂Z", "∂J/∂W"),
    ),
    "softmax rows CE hyp": (
        "W : n x k; b : 1 x k; X : m x n; Y : m x k rows sum to 1; Z := X W + b; "
        "S := softmax(Z, axis=1); J := -1/m sum(Y ⊙ log(S))",
        ("∂J/∂Z", "∂J/∂W", "∂J/∂b"),
    ),
    "unknown loss inline": (
        "W : m x n; x : n; C : loss; J := C(W x)",
        ("∂J/∂x", "∂J/∂W"),
    ),
    "unknown loss two": (
        "W : m x n; x : n; C : loss; D : loss; z := W x; J := C(z) + D(x)",
        ("∂J/∂x", "∂J/∂W"),
    ),
    "vector by matrix": (
        "W : m x n; x : n; z := W x",
        ("∂z/∂W", "∂z/∂x"),
    ),
    "matrix by matrix": (
        "A : m x n; B : n x k; Z := A B",
        ("∂Z/∂A",),
    ),
    "weighted sum": (
        "A : n x n; x : n; J := Σ_i Σ_j A_{ij} x_i x_j^2",
        ("∂J/∂x", "∂J/∂A"),
    ),
    "index sum": (
        "A : m x n; x : n; y : m; J := Σ_i y_i Σ_j A_{ij} x_j",
        ("∂J/∂x", "∂J/∂A", "∂J/∂y"),
    ),
    "jacobian softmax": (
        "z : n; s := softmax(z)",
        ("∂s/∂z",),
    ),
    "jacobian elementwise": (
        "f : elementwise; z : n; a := f(z)",
        ("∂a/∂z",),
    ),
    "rnn inline": (
        "W : n x k; U : n x n; b : n; x : k; p : k; q : k; h : n; f : elementwise; C : loss; "
        "g := f(W x + U h + b); i := f(W p + U g + b); o := f(W q + U i + b); J := C(o)",
        ("∂J/∂W", "∂J/∂U", "∂J/∂b", "∂J/∂h", "∂J/∂x"),
    ),
    "rnn mse": (
        "W : n x k; U : n x n; V : m x n; x : k; p : k; h : n; y : m; g := tanh(W x + U h); "
        "i := tanh(W p + U g); o := V i; J := 1/2 ‖o - y‖²",
        ("∂J/∂W", "∂J/∂U", "∂J/∂V", "∂J/∂h"),
    ),
    "attention": (
        "Q : m x d; K : n x d; V : n x e; C : loss; S := Q Kᵀ; P := softmax(S, axis=1); O := P V; J := C(O)",
        ("∂J/∂V", "∂J/∂P", "∂J/∂S", "∂J/∂Q", "∂J/∂K"),
    ),
    "attention one query": (
        "q : d; K : n x d; V : n x e; C : loss; s := K q; p := softmax(s); o := Vᵀ p; J := C(o)",
        ("∂J/∂V", "∂J/∂p", "∂J/∂s", "∂J/∂q", "∂J/∂K"),
    ),
    "layer norm": (
        "x : n; g : n; b : n; C : loss; u := sum(x)/n; c := x - u 1_n; v := sum(c ⊙ c)/n; "
        "h := c / sqrt(v + 1/100); y := g ⊙ h + b; J := C(y)",
        ("∂J/∂x", "∂J/∂g", "∂J/∂b", "∂J/∂h"),
    ),
    "logreg L2": (
        "X : m x n; w : n; b : scalar; y : m; λ : scalar; z := X w + b; p := sigmoid(z); "
        "J := -1/m sum(y ⊙ log(p) + (1 - y) ⊙ log(1 - p)) + λ/2 ‖w‖²",
        ("∂J/∂w", "∂J/∂b", "∂J/∂λ"),
    ),
    "logreg 1": (
        "w : n; x : n; b : scalar; y : scalar; z := wᵀ x + b; p := sigmoid(z); J := -(y log(p) + (1 - y) log(1 - p))",
        ("∂J/∂w", "∂J/∂b", "∂J/∂x"),
    ),
    "skip": (
        "W : n x n; V : k x n; b : n; c : k; x : n; C : loss; f : elementwise; z := W x + b; "
        "u := f(z) + x; o := V u + c; J := C(o)",
        ("∂J/∂x", "∂J/∂W"),
    ),
    "huber unknown": (
        "X : m x n; w : n; y : m; ρ : elementwise; J := sum(ρ(X w - y))",
        ("∂J/∂w",),
    ),
    "rows as samples": (
        "X : m x n; W : n x k; b : 1 x k; Y : m x k; Z := X W + b; A := tanh(Z); J := 1/(2 m) sum((A - Y).^2)",
        ("∂J/∂W", "∂J/∂b", "∂J/∂Z"),
    ),
    "two layer rows": (
        "X : m x n; W : n x h; b : 1 x h; V : h x k; c : 1 x k; Y : m x k; Z := X W + b; A := relu(Z); "
        "O := A V + c; J := 1/m sumsq(O - Y)",
        ("∂J/∂W", "∂J/∂b", "∂J/∂V", "∂J/∂c", "∂J/∂X"),
    ),
    "matrix power": (
        "A : n x n; J := tr(A^2)",
        ("∂J/∂A",),
    ),
    "frobenius": (
        "A : m x n; B : m x k; C : k x n; J := ‖A - B C‖²",
        ("∂J/∂B", "∂J/∂C"),
    ),
    "autoencoder": (
        "W : k x n; x : n; f : elementwise; h := f(W x); r := Wᵀ h; J := 1/2 ‖r - x‖²",
        ("∂J/∂W", "∂J/∂x"),
    ),
    "diag": (
        "d : n; W : m x n; x : n; C : loss; z := W diag(d) x; J := C(z)",
        ("∂J/∂d", "∂J/∂W", "∂J/∂x"),
    ),
    "sum axis": (
        "X : m x n; w : n; f : elementwise; s := sum(f(X), axis=0); J := s w",
        ("∂J/∂X", "∂J/∂w"),
    ),
    "mean pooling": (
        "X : n x m; C : loss; u := X 1_m / m; J := C(u)",
        ("∂J/∂X",),
    ),
    "cosine": (
        "x : n; y : n; J := xᵀ y / (‖x‖ ‖y‖)",
        ("∂J/∂x",),
    ),
    "logsumexp": (
        "z : n; y : n; J := log(sum(exp(z))) - yᵀ z",
        ("∂J/∂z",),
    ),
    "max": (
        "X : m x n; w : n; y : m; J := sum(max(0, 1 - y ⊙ (X w)))",
        ("∂J/∂w",),
    ),
    "max two": (
        "x : n; y : n; J := sum(max(x, y))",
        ("∂J/∂x",),
    ),
    "abs": (
        "x : n; y : n; J := sum(abs(x - y))",
        ("∂J/∂x",),
    ),
    "entropy": (
        "z : n; s := softmax(z); J := -sum(s ⊙ log(s))",
        ("∂J/∂z",),
    ),
    "scalar chain exp": (
        "x : scalar; a : scalar; b : scalar; u := a x^2 + b; J := exp(u)",
        ("∂J/∂x", "∂J/∂a"),
    ),
    "loss of matrix": (
        "W : m x n; X : n x k; C : loss; Z := W X; J := C(Z)",
        ("∂J/∂W", "∂J/∂X"),
    ),
    "loss through softmax matrix": (
        "W : m x n; X : n x k; C : loss; S := softmax(W X, axis=0); J := C(S)",
        ("∂J/∂W", "∂J/∂X"),
    ),
    "bilinear": (
        "W : m x n; x : n; y : m; J := sigmoid(yᵀ W x)",
        ("∂J/∂W", "∂J/∂x"),
    ),
    "batchnorm": (
        "X : n x m; g : n; b : n; C : loss; u := sum(X, axis=1)/m; D := X - u; "
        "v := sum(D ⊙ D, axis=1)/m; H := D ⊘ (sqrt(v + 1/100) 1_mᵀ); Y := diag(g) H + b; J := C(Y)",
        ("∂J/∂X", "∂J/∂g", "∂J/∂b"),
    ),
    "symmetric": (
        "A : n x n symmetric; x : n; J := xᵀ A x",
        ("∂J/∂x",),
    ),
    "cumulative": (
        "a : n; X : n x m; s := softmax(Xᵀ a); y := X s; C : loss; J := C(y)",
        ("∂J/∂X", "∂J/∂a"),
    ),
    "det quad": (
        "A : n x n; x : n; J := det(A) xᵀ x",
        ("∂J/∂A", "∂J/∂x"),
    ),
    "gaussian": (
        "x : n; u : n; S : n x n; J := 1/2 (x - u)ᵀ inv(S) (x - u) + 1/2 log(det(S))",
        ("∂J/∂x", "∂J/∂u", "∂J/∂S"),
    ),
    "outer": (
        "u : m; v : n; A : m x n; J := ‖A - u vᵀ‖²",
        ("∂J/∂u", "∂J/∂v"),
    ),
    "softmax regression": (
        "W : k x n; b : k; x : n; y : k sums to 1; z := W x + b; p := softmax(z); J := -sum(y ⊙ log(p))",
        ("∂J/∂W", "∂J/∂x", "∂J/∂p"),
    ),
    "skip relu": (
        "W : n x n; V : n x n; b : n; c : n; x : n; y : n; u := W x + b; h := relu(u); o := V h + c + x; "
        "J := 1/2 ‖o - y‖²",
        ("∂J/∂W", "∂J/∂x"),
    ),
    "gru": (
        "A : n x d; B : n x n; D : n x d; E : n x n; F : n x d; G : n x n; x : d; h : n; C : loss; "
        "r := sigmoid(A x + B h); u := sigmoid(D x + E h); c := tanh(F x + G (r ⊙ h)); t := (1 - u) ⊙ h + u ⊙ c; "
        "J := C(t)",
        ("∂J/∂A", "∂J/∂h"),
    ),
    "rational": (
        "X : m x n; Y : m x n; J := sum((X ⊙ Y) ⊘ (1 + X ⊙ X))",
        ("∂J/∂X",),
    ),
    "cube": (
        "A : n x n; J := tr(A^3)",
        ("∂J/∂A",),
    ),
    "like terms": (
        "x : n; A : n x n; J := xᵀ A x + xᵀ Aᵀ x + xᵀ x",
        ("∂J/∂x", "∂J/∂A"),
    ),
    "jacobian of two layers": (
        "W : m x n; V : k x m; x : n; f : elementwise; a := f(W x); o := V a",
        ("∂o/∂x", "∂o/∂W"),
    ),
    "numbers as widths": (
        "W : 2 x 2; V : 2 x 2; x : 2; y : 2; h := tanh(W x); J := 1/2 ‖V h - y‖²",
        ("∂J/∂W", "∂J/∂x"),
    ),
    "one output": (
        "W : 1 x n; x : n; b : 1; z := W x + b; p := sigmoid(z); J := p^2",
        ("∂J/∂W", "∂J/∂b"),
    ),
    "whitening": (
        "S : n x n; X : n x m; J := tr(inv(S) X Xᵀ) + log(det(S))",
        ("∂J/∂S",),
    ),
    "ratio": (
        "x : n; a : n; b : n; J := (aᵀ x) / (bᵀ x)",
        ("∂J/∂x", "∂J/∂b"),
    ),
    "letters as names": (
        "i : n; j : n; k : n x n; J := iᵀ k j",
        ("∂J/∂i", "∂J/∂k"),
    ),
    "kron entry": (
        "A : m x n; J := A_{12}",
        ("∂J/∂A",),
    ),
}
