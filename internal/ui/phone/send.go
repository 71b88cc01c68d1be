package phone

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"net/http"
	"strconv"
	"strings"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/sim"
)

// contentMost is the largest file the form takes: the platform's own limit
// for pictures that bots send.
const contentMost = 10 << 20

// send is the composer's form where no script sends it: it does what the
// simulation API would, and shows the chat again.
func (p *Phone) send(w http.ResponseWriter, r *http.Request, s scene) error {
	c, err := s.chat(r.PathValue("chat"))
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, contentMost+1<<20)
	if err := r.ParseMultipartForm(1 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return api.Errorf(api.Invalid, "The form could not be read, or its file is larger than 10 MB")
	}
	what, err := said(r)
	if err != nil {
		return err
	}
	if _, err := p.Sim.Say(r.Context(), s.person.UserID, sim.Saying{Chat: c.ChatRef, Message: what}); err != nil {
		return err
	}
	http.Redirect(w, r, s.chatPath(c.ID), http.StatusSeeOther)
	return nil
}

// said reads from the pressed button what the person sends.
func said(r *http.Request) (chat.Utterance, error) {
	switch {
	case r.FormValue("sticker") != "":
		packageID, id, _ := strings.Cut(r.FormValue("sticker"), "/")
		return chat.Utterance{Type: "sticker", PackageID: packageID, StickerID: id}, nil
	case r.FormValue("latitude") != "":
		return location(r)
	case r.FormValue("photo") == "sample":
		return chat.Utterance{Type: "image", Content: samplePhoto()}, nil
	case r.FormValue("photo") != "":
		return chosen(r)
	}
	return chat.Utterance{Type: "text", Text: written(r), QuotedMessageID: r.FormValue("quote")}, nil
}

func location(r *http.Request) (chat.Utterance, error) {
	latitude, err1 := strconv.ParseFloat(r.FormValue("latitude"), 64)
	longitude, err2 := strconv.ParseFloat(r.FormValue("longitude"), 64)
	if err1 != nil || err2 != nil {
		return chat.Utterance{}, api.Errorf(api.Invalid, "Latitude and longitude are numbers, such as 35.68 and 139.77")
	}
	return chat.Utterance{Type: "location", Title: r.FormValue("title"), Address: r.FormValue("address"),
		Latitude: latitude, Longitude: longitude}, nil
}

// chosen is the file that the person chose, as the kind of message that the
// browser takes it for.
func chosen(r *http.Request) (chat.Utterance, error) {
	file, header, err := r.FormFile("content")
	if err != nil {
		return chat.Utterance{}, api.Errorf(api.Invalid, "Choose a file first")
	}
	defer file.Close()
	content, err := io.ReadAll(file)
	kind, _, _ := strings.Cut(header.Header.Get("Content-Type"), "/")
	if kind != "image" && kind != "video" && kind != "audio" {
		kind = "file"
	}
	return chat.Utterance{Type: kind, FileName: header.Filename, Content: content}, err
}

// samplePhoto is a picture for those who have none at hand: an evening sky.
func samplePhoto() []byte {
	const width, height = 1200, 800
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetRGBA(x, y, sky(x, y, width, height))
		}
	}
	var out bytes.Buffer
	// A bytes.Buffer takes all, and the picture is of a kind the encoder knows.
	_ = jpeg.Encode(&out, img, &jpeg.Options{Quality: 85})
	return out.Bytes()
}

// sky is the colour of a point: dusk above, hills below, a sun between.
func sky(x, y, width, height int) color.RGBA {
	dx, dy := x-width*2/3, y-height/2
	hill := height*3/5 + (x-width/3)*(x-width/3)/(width*3)
	switch {
	case y > hill+height/8:
		return color.RGBA{34, 46, 66, 255}
	case y > hill:
		return color.RGBA{58, 74, 98, 255}
	case dx*dx+dy*dy < 90*90:
		return color.RGBA{255, 224, 163, 255}
	}
	f := y * 255 / height
	return color.RGBA{uint8(96 + f*150/255), uint8(104 + f*60/255), uint8(170 - f*60/255), 255}
}

// samplePath is where the sample is served, for the script to send.
const samplePath = "/_/phone/sample.jpg"

func serveSample(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "image/jpeg")
	w.Write(samplePhoto())
}

// edit changes a text of the person's.
func (p *Phone) edit(w http.ResponseWriter, r *http.Request, s scene) error {
	_, err := p.Sim.Happen(r.Context(), s.person.UserID, sim.Happening{Type: "edit", MessageID: r.FormValue("messageId"), Text: written(r)})
	if err != nil {
		return err
	}
	http.Redirect(w, r, s.chatPath(r.PathValue("chat")), http.StatusSeeOther)
	return nil
}

// written is the text of a form. A form's lines end with CR LF, those of a message with LF.
func written(r *http.Request) string { return strings.ReplaceAll(r.FormValue("text"), "\r\n", "\n") }

// unsend takes back a message of the person.
func (p *Phone) unsend(w http.ResponseWriter, r *http.Request, s scene) error {
	_, err := p.Sim.Happen(r.Context(), s.person.UserID, sim.Happening{Type: "unsend", MessageID: r.FormValue("messageId")})
	if err != nil {
		return err
	}
	http.Redirect(w, r, s.chatPath(r.PathValue("chat")), http.StatusSeeOther)
	return nil
}
