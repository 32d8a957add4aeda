package corpus

// place is where a contact lives, with all that follows from it.
type place struct {
	prefix   string // of its phone numbers, without +
	digits   int    // that follow the prefix
	language string
	timezone string
	city     string
	given    []string
	family   []string
}

var groupNames = []string{"Reporters", "Farmers", "Health Workers", "Mothers"}

var places = []place{
	{"1206", 7, "eng", "America/Los_Angeles", "Seattle", []string{"Ann", "Ben", "Carol", "Dave"}, []string{"Lee", "Smith", "Garcia", "O'Neil"}},
	{"4477", 8, "eng", "Europe/London", "Leeds", []string{"Emma", "Harry", "Amelia"}, []string{"Jones", "Taylor", "Brown"}},
	{"336", 8, "fra", "Europe/Paris", "Besançon", []string{"Aurélie", "Jérôme", "Zoé"}, []string{"Dupont", "Lefèvre", "Moreau"}},
	{"25078", 7, "kin", "Africa/Kigali", "Kigali", []string{"Amahoro", "Keza", "Mugisha"}, []string{"Uwase", "Habimana", "Ingabire"}},
	{"25471", 7, "swa", "Africa/Nairobi", "Nakuru", []string{"Grace", "Otieno", "Wanjiku"}, []string{"Kamau", "Odhiambo", "Mwangi"}},
	{"23480", 8, "eng", "Africa/Lagos", "Enugu", []string{"Ngozi", "Emeka", "Bola"}, []string{"Okafor", "Adeyemi", "Bello"}},
	{"2010", 8, "ara", "Africa/Cairo", "القاهرة", []string{"فاطمة", "محمد", "ليلى"}, []string{"حسن", "السيد", "إبراهيم"}},
	{"9199", 8, "hin", "Asia/Kolkata", "पुणे", []string{"प्रिया", "अमित", "सुनीता"}, []string{"शर्मा", "पटेल", "राव"}},
	{"62812", 8, "ind", "Asia/Jakarta", "Bandung", []string{"Budi", "Siti", "Dewi"}, []string{"Santoso", "Wijaya", "Lestari"}},
	{"86130", 8, "zho", "Asia/Shanghai", "上海", []string{"小明", "丽", "伟"}, []string{"王", "李", "张"}},
	{"55119", 8, "por", "America/Sao_Paulo", "São Paulo", []string{"João", "Antônia", "Luís"}, []string{"Silva", "Souza", "Conceição"}},
	{"5255", 8, "spa", "America/Mexico_City", "Ciudad de México", []string{"María José", "Iñigo", "Lucía"}, []string{"Hernández", "Núñez", "Peña"}},
}
