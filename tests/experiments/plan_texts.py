"""Experiment files for tests: small enough to be run many times."""

MATRIX = """
name = "small"
question = "Which equilibrium?"
claim = "none"
expected_minutes = 0.1
game = "coordination"
learner = "softmax"
settings = { steps = 6 }
seeds = 3
iterations = 3
reference = "scratch"
figures = ["actions"]

[[arms]]
name = "scratch"

[[arms]]
name = "fusion"
start = "fusion"

[[arms]]
name = "uniform-fusion"
start = "fusion"
meta_solver = "uniform"
versus = "fusion"

[smoke]
seeds = 2
iterations = 1
settings = { steps = 2 }
"""

PLANE = """
name = "plane"
question = "Where do responses go?"
claim = "none"
expected_minutes = 0.1
game = "non-transitive-mixture"
learner = "gradient"
settings = { steps = 12, spread = 1.0 }
seeds = 2
iterations = 3
reference = "scratch"
figures = ["trajectories"]

[[arms]]
name = "scratch"

[[arms]]
name = "rectified"
variant = "rectified"
"""

KUHN = """
name = "kuhn"
question = "Does the double oracle end?"
claim = "none"
expected_minutes = 0.1
game = "kuhn"
learner = "exact"
seeds = 2
iterations = 6
reference = "exact"

[[arms]]
name = "exact"
"""

SHARED = """
name = "shared"
question = "Does one population for both seats solve it?"
claim = "none"
expected_minutes = 0.1
game = "kuhn"
learner = "exact"
seeds = 2
iterations = 12
populations = "shared"
reference = "exact"
endpoint = "exploitability"
margin = 0.05

[[arms]]
name = "exact"

[[arms]]
name = "uniform"
meta_solver = "uniform"
"""
