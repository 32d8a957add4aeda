package funcs

func formats() []entry { return nil }
