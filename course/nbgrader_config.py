"""nbgrader for this course: grading goes through the course's own grader, everything else is nbgrader's own."""

from autograder.sandbox import programs_on_path

c = get_config()

programs_on_path()  # nbgrader needs its neighbours there

c.CourseDirectory.course_id = "inside-nn-module"

# Read submissions as hostile data, and grade them in a sandbox against the reference.
c.Autograde.exporter_class = "autograder.nbgrader.SubmissionExporter"
c.Autograde.pre_convert_hook = "autograder.nbgrader.adopt_renamed"
c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader.Grade",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Each time anew: else nbgrader skips what `autograder build` has released, and feedback that was made before.
c.GenerateAssignment.force = True
c.GenerateFeedback.force = True
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "autograder.nbgrader.TellPointsByHand",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]

# What students find where a solution was.
c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("your code goes here")'}
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.LockCells",
    "autograder.nbgrader.ClearSolutions",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
    "autograder.nbgrader.StampCells",
]

# Students' code runs isolated by bubblewrap. "none" trusts it with your rights.
# c.Grade.isolation = "bubblewrap"

# What students read: notebooks, checks and feedback in another language, as far as course/*/languages has its words.
# c.Grade.language = "de"

# What a submission may use, for nbgrader and for `autograder grade`. All limits, with their defaults, stand in
# autograder/sandbox/limits.py.
# c.Grade.limits = {"cell_seconds": 60, "notebook_seconds": 600, "memory": 4_000_000_000}
