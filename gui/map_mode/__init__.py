"""Map mode: tags near others of their kind, tracks among their tags, and a lasso."""
