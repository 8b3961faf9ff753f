"""nbgrader for this course: grading goes through the course's own grader, everything else is nbgrader's own."""

c = get_config()

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

# What students find where a solution was.
c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("your code goes here")'}

# Students' code runs isolated by bubblewrap. "none" trusts it with your rights.
# c.Grade.isolation = "bubblewrap"
