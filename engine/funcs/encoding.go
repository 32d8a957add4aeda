package funcs

func encodings() []entry { return nil }
