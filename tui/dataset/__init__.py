"""The dataset pane: a file of question-and-answer pairs, shown, edited and saved."""
