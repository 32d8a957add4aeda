package hostile_test

import (
	"fmt"
	"strconv"
	"strings"
)

// get and post write requests as clients do.
func get(target string) string {
	return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ours + "\r\n\r\n"
}

func post(path, body string) string { return request("POST", path, ours, body) }

func request(method, path, token, body string) string {
	return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token +
		"\r\nContent-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body
}

// hidden is a request that an attacker hides in the body of another, and that must never be answered: its answer would
// hold another's data.
const hidden = "GET /v1/contacts/" + theirUUID + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + theirs + "\r\n\r\n"

const evaluation = `{"template":"Hi @contact.name","contact":{"uuid":"` + janeUUID + `"}}`

// encodings are headers that some reader takes for Transfer-Encoding: chunked, and another does not.
func encodings() map[string]string {
	all := map[string]string{
		"space before the colon": "Transfer-Encoding : chunked", "tab before the colon": "Transfer-Encoding\t: chunked",
		"folded name": " Transfer-Encoding: chunked", "folded name by tab": "\tTransfer-Encoding: chunked",
		"folded value": "Transfer-Encoding:\r\n chunked", "folded value by LF": "Transfer-Encoding:\n chunked", "folded value by tab": "Transfer-Encoding:\r\n\tchunked",
		"no space": "Transfer-Encoding:chunked", "two spaces": "Transfer-Encoding:  chunked", "tab": "Transfer-Encoding:\tchunked",
		"lower case": "transfer-encoding: chunked", "upper case": "TRANSFER-ENCODING: CHUNKED", "plain": "Transfer-Encoding: chunked",
		"NUL in the name": "Transfer\x00-Encoding: chunked", "NUL after the name": "Transfer-Encoding\x00: chunked", "NUL before the name": "\x00Transfer-Encoding: chunked",
		"vertical tab after the name": "Transfer-Encoding\x0b: chunked", "tab in the name": "Transfer-\tEncoding: chunked", "CR in the name": "Transfer-\rEncoding: chunked",
		"behind a bare LF": "X: y\nTransfer-Encoding: chunked", "behind a bare CR": "X: y\rTransfer-Encoding: chunked",
		"behind CR CR LF": "X: y\r\r\nTransfer-Encoding: chunked", "no colon": "Transfer-Encoding chunked",
		"first of two": "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "second of two": "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
		"twice": "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "behind an unknown one": "Transfer-Encoding: cow\r\nTransfer-Encoding: chunked",
		"twice in other cases": "Transfer-Encoding: chunked\r\ntransfer-encoding: cow",
	}
	for _, value := range []string{
		"xchunked", "chunkedx", "x chunked", "chunked x", "chunked, identity", "identity, chunked", "gzip, chunked", "chunked, gzip", "chunked, chunked",
		"chunked,", ",chunked", ", chunked", "chunked;q=1", "chunked; x", `"chunked"`, "'chunked'", "identity", "gzip", "deflate", "compress", "br", "", " ", "chunk ed",
		"\x00chunked", "chunked\x00", "\x0bchunked", "\x0cchunked", "chunked\x0b", "chunked\x7f", "\x01chunked", "chunked\xa0", "\xa0chunked", "chun\u212aed", "ｃhunked",
		"chunked ", "chunked\t", "Chunked", "chunked\r", "\rchunked", "0", "true",
	} {
		all["value "+strconv.Quote(value)] = "Transfer-Encoding: " + value
	}
	return all
}

// smuggling holds the classic pairs: a length and an encoding that disagree about where the request ends.
func smuggling() family {
	f := family{name: "smuggling", statuses: []int{400, 404, 413, 415, 501}}
	const ending = "0\r\n\r\n"
	for _, name := range sorted(encodings()) {
		line := encodings()[name]
		for _, method := range []string{"POST /v1/evaluate HTTP/1.1", "GET /nothing HTTP/1.1", "POST /v1/evaluate HTTP/1.0"} {
			start := method + "\r\nHost: localhost\r\nAuthorization: Bearer " + ours + "\r\n"
			length := fmt.Sprintf("Content-Length: %d\r\n", len(ending+hidden))
			f.add("CL.TE "+method+", "+name, start+length+line+"\r\n\r\n"+ending+hidden)
			f.add("TE.CL "+method+", "+name, start+line+"\r\nContent-Length: 4\r\n\r\n"+chunked(hidden))
		}
	}
	return f
}

// chunked writes data as one chunk whose size has two digits, which with their line end are 4 bytes, and the last.
func chunked(data string) string { return fmt.Sprintf("%02x\r\n%s\r\n0\r\n\r\n", len(data), data) }

// lengths holds values of Content-Length that readers take in different ways.
func lengths() family {
	f := family{name: "lengths", statuses: []int{200, 400, 413}}
	const start = "POST /v1/evaluate HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ours + "\r\n"
	for _, value := range []string{
		"", " ", "-1", "-0", "+2", "0x2", "2,2", "2, 2", "2, 3", "2 2", "2.0", "2e0", "1e1", "2;", "2x", "x2", "x", "٢", "２", "2\x00", "\x002", "2\x0b", "\x0b2", "2\x0c", "2\x7f",
		"\"2\"", "'2'", "#2", "2_0", "0b10", "0o2", "0002x", "2\xa0", "NaN", "null", "-2147483648", "2147483648", "4294967298", "9223372036854775807",
		"9223372036854775808", "18446744073709551618", "99999999999999999999", strings.Repeat("9", 500), "2\r\n ", "2\r\n 2", "2\r\n\t2", "2\r", "2\n 2",
	} {
		f.add("value "+strconv.Quote(value), start+"Content-Length: "+value+"\r\n\r\n{}"+hidden)
	}
	for _, lines := range []string{
		"Content-Length: 2\r\nContent-Length: 3", "Content-Length: 2\r\nContent-Length: 2", "Content-Length: 0\r\nContent-Length: 2", "Content-Length: 2\r\nContent-Length: 0",
		"Content-Length: 2\r\ncontent-length: 400", "Content-Length: 2\r\nContent-Length:", "Content-Length:\r\nContent-Length: 2", "Content-Length: 2\r\nContent-Length: x",
		"Content-Length : 2", "Content-Length\t: 2", " Content-Length: 2", "Content-Length: 2\r\n Content-Length: 300", "Content-Length\x00: 2", "Content\x00-Length: 2",
		"X: y\nContent-Length: 2\nContent-Length: 300", "X: y\rContent-Length: 2", "Content-Length 2", "Content-Length: 2\r\nX: y\r\nContent-Length: 500\r\nX: y",
	} {
		f.add("lines "+strconv.Quote(lines), start+lines+"\r\n\r\n{}"+hidden)
	}
	for _, n := range []int{len(evaluation) - 1, len(evaluation) - 10, 1, len(evaluation) + 1, len(evaluation) + 1000, 1 << 20, 1<<20 + 1, 1 << 30, 1 << 40} {
		f.add("announces "+strconv.Itoa(n), start+"Content-Length: "+strconv.Itoa(n)+"\r\n\r\n"+evaluation)
	}
	f.add("zeros before", start+"Content-Length: 000"+strconv.Itoa(len(evaluation))+"\r\n\r\n"+evaluation)
	f.add("spaces around", start+"Content-Length:   "+strconv.Itoa(len(evaluation))+" \t \r\n\r\n"+evaluation)
	return f
}

// chunks holds bodies in parts that are not what they should be.
func chunks() family {
	f := family{name: "chunks", statuses: []int{200, 400, 404, 413, 431, 501}}
	const start = "POST /v1/evaluate HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ours + "\r\nTransfer-Encoding: chunked\r\n\r\n"
	size := fmt.Sprintf("%x", len(evaluation))
	for _, line := range []string{
		"", " ", "g", "-1", "-0", "+" + size, "0x" + size, " " + size, size + " ", size + "\t", size + "x", size + ";", size + ";a", size + ";a=b", size + `;a="b"`, size + `;a="` + "\n" + `"`,
		size + ";" + strings.Repeat("a", 5000), size + ";a\x00", size + "\x00", size + ",", size + "." + size, size + " " + size, size + "\r", "\t" + size, "\x00" + size, "_" + size,
		"fffffffffffffffff", "ffffffffffffffff", "fffffffffffffffe", "8000000000000000", "7fffffffffffffff", "7ffffffffffffff0", "10000000000000000" + size, "100000000", "fffff", "100001",
		strings.Repeat("0", 15) + size, strings.Repeat("0", 16) + size, strings.Repeat("0", 17) + size, strings.Repeat("0", 1000) + size, strings.Repeat("f", 1000), "NaN", "１", "٤",
		fmt.Sprintf("%d", len(evaluation)), "0" + strings.ToUpper(size), "00",
	} {
		f.add("size "+brief(line), start+line+"\r\n"+evaluation+"\r\n0\r\n\r\n"+get("/nothing"))
	}
	whole := size + "\r\n" + evaluation + "\r\n"
	for name, body := range map[string]string{
		"LF after the size": size + "\n" + evaluation + "\r\n0\r\n\r\n", "CR after the size": size + "\r" + evaluation + "\r\n0\r\n\r\n",
		"LF after the data": size + "\r\n" + evaluation + "\n0\r\n\r\n", "nothing after the data": size + "\r\n" + evaluation + "0\r\n\r\n",
		"wrong bytes after the data": size + "\r\n" + evaluation + "xx0\r\n\r\n", "more data than the size": "5\r\n" + evaluation + "\r\n0\r\n\r\n",
		"no last chunk": whole, "half of the last chunk": whole + "0\r\n", "a last chunk with LF": whole + "0\n\n", "a last chunk that is not zero": whole + "g\r\n\r\n",
		"an empty line in between": whole + "\r\n0\r\n\r\n", "a trailer": whole + "0\r\nX-Trailer: x\r\n\r\n", "a trailer of a length": whole + "0\r\nContent-Length: 5\r\n\r\n",
		"a trailer of an encoding": whole + "0\r\nTransfer-Encoding: chunked\r\n\r\n", "a trailer of a token": whole + "0\r\nAuthorization: Bearer " + theirs + "\r\n\r\n",
		"a trailer without a colon": whole + "0\r\nX-Trailer\r\n\r\n", "a trailer with NUL": whole + "0\r\nX\x00: y\r\n\r\n", "a folded trailer": whole + "0\r\nX: y\r\n z\r\n\r\n",
		"trailers without an end": whole + "0\r\nX: y\r\n", "a large trailer": whole + "0\r\nX: " + strings.Repeat("x", 20_000) + "\r\n\r\n",
		"many trailers":    whole + "0\r\n" + strings.Repeat("X: y\r\n", 5000) + "\r\n",
		"chunks of a byte": bytewise(evaluation), "chunks of a byte without an end": strings.TrimSuffix(bytewise(strings.Repeat(" ", 5000)), "0\r\n\r\n"),
		"beyond the limit": "100001\r\n" + strings.Repeat(" ", 0x100001) + "\r\n0\r\n\r\n", "beyond the limit in parts": strings.Repeat("10000\r\n"+strings.Repeat(" ", 0x10000)+"\r\n", 17) + "0\r\n\r\n",
		"sizes of three digits in a byte's chunk": "001\r\n{\r\n001\r\n}\r\n0\r\n\r\n", "nothing": "", "the last chunk alone": "0\r\n\r\n", "an extension on each": "1;a=b\r\n{\r\n1;c\r\n}\r\n0;d\r\n\r\n",
	} {
		f.add(name, start+body)
	}
	sortInputs(&f)
	return f
}

func bytewise(text string) string {
	var b strings.Builder
	for i := range len(text) {
		b.WriteString("1\r\n" + text[i:i+1] + "\r\n")
	}
	return b.String() + "0\r\n\r\n"
}

// brief quotes a text, shortened.
func brief(text string) string {
	if len(text) > 60 {
		return strconv.Quote(text[:50]) + "… of " + strconv.Itoa(len(text))
	}
	return strconv.Quote(text)
}
