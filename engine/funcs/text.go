package funcs

func texts() []entry { return nil }
