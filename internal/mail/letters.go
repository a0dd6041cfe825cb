// Package mail writes letters and brings them to an SMTP server, or to the operator's log when there is none.
package mail

import (
	"bytes"
	"embed"
	htmltemplate "html/template"
	"net/url"
	"strings"
	"text/template"

	"lectern/services"
)

//go:embed templates
var templates embed.FS

var (
	plain = template.Must(template.ParseFS(templates, "templates/*.txt"))
	page  = htmltemplate.Must(htmltemplate.ParseFS(templates, "templates/*.html"))
)

// titles are the subject and the words on the button, by purpose and language.
var titles = map[string][2]string{
	"verify.en":    {"Please confirm your address", "Confirm address"},
	"verify.zh-TW": {"請確認您的電子郵件地址", "確認地址"},
	"reset.en":     {"Choose a new password", "Choose a new password"},
	"reset.zh-TW":  {"重設密碼", "設定新密碼"},
}

// written is a letter ready to send.
type written struct{ subject, text, html string }

// write fills the templates. A language without any gets English.
func write(letter services.Letter) (written, error) {
	name := letter.Purpose + "." + letter.Locale
	if _, known := titles[name]; !known {
		letter.Locale, name = "en", letter.Purpose+".en"
	}
	link, err := url.Parse(letter.Link)
	if err != nil {
		return written{}, err
	}
	var text, html bytes.Buffer
	if err := plain.ExecuteTemplate(&text, name+".txt", map[string]string{"Name": letter.Name, "Link": letter.Link, "Host": link.Host}); err != nil {
		return written{}, err
	}
	err = page.ExecuteTemplate(&html, "letter.html", map[string]any{"Locale": letter.Locale, "Subject": titles[name][0],
		"Button": titles[name][1], "Link": letter.Link, "Paragraphs": strings.Split(strings.TrimSpace(text.String()), "\n\n")})
	return written{subject: titles[name][0], text: text.String(), html: html.String()}, err
}
