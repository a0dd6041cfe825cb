package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/services"
)

type users struct{ svc *services.Users }

// @Summary  One's own account
// @Tags     users
// @Security Bearer
// @Success  200 {object} wire.Me
// @Failure  401 {object} wire.Problem
// @Router   /me [get]
func (h *users) me(c *gin.Context) {
	me, err := h.svc.Me(c.Request.Context(), actor(c))
	reply(c, http.StatusOK, me, err)
}

// @Summary  Change one's own name or language
// @Tags     users
// @Security Bearer
// @Param    body body wire.UpdateMeRequest true "only the fields to change"
// @Success  200 {object} wire.Me
// @Failure  400,401,413,422,429 {object} wire.Problem
// @Router   /me [patch]
func (h *users) updateMe(c *gin.Context) {
	var req wire.UpdateMeRequest
	if !bind(c, &req) {
		return
	}
	me, err := h.svc.UpdateMe(c.Request.Context(), actor(c), req)
	reply(c, http.StatusOK, me, err)
}

// @Summary  Find people
// @Description By a part of the name or by the exact address: two characters, or one Chinese, Japanese or Korean one.
// @Tags     users
// @Security Bearer
// @Param    q     query string true  "name or address"
// @Param    limit query int    false "1 to 100, default 50"
// @Success  200 {object} wire.List[wire.Profile]
// @Failure  401,422 {object} wire.Problem
// @Router   /users [get]
func (h *users) search(c *gin.Context) {
	p, ok := page(c)
	if !ok {
		return
	}
	found, err := h.svc.Search(c.Request.Context(), actor(c), c.Query("q"), p.Limit)
	reply(c, http.StatusOK, wire.List[wire.Profile]{Items: found}, err)
}

// @Summary  What one may see of a user
// @Tags     users
// @Security Bearer
// @Param    id path string true "user id"
// @Success  200 {object} wire.Profile
// @Failure  401,404 {object} wire.Problem
// @Router   /users/{id} [get]
func (h *users) profile(c *gin.Context) {
	id, ok := pathID(c, "id", "user")
	if !ok {
		return
	}
	profile, err := h.svc.Profile(c.Request.Context(), actor(c), id)
	reply(c, http.StatusOK, profile, err)
}

// @Summary  Set one's own picture
// @Description PNG, JPEG, GIF or WebP, up to 10 MiB and 40 megapixels. Kept is its square centre, at most 512 pixels wide, without what else the file says.
// @Tags     users
// @Security Bearer
// @Accept   multipart/form-data
// @Param    file formData file true "the picture"
// @Success  200 {object} wire.Me
// @Failure  400,401,413,422,429 {object} wire.Problem
// @Router   /me/avatar [put]
func (h *users) setAvatar(c *gin.Context) {
	part, err := filePart(c, services.MaxAvatarBytes)
	if err != nil {
		fail(c, err)
		return
	}
	me, err := h.svc.SetAvatar(c.Request.Context(), actor(c), part)
	reply(c, http.StatusOK, me, err)
}

// @Summary  Remove one's own picture
// @Tags     users
// @Security Bearer
// @Success  200 {object} wire.Me
// @Failure  401,429 {object} wire.Problem
// @Router   /me/avatar [delete]
func (h *users) deleteAvatar(c *gin.Context) {
	me, err := h.svc.DeleteAvatar(c.Request.Context(), actor(c))
	reply(c, http.StatusOK, me, err)
}

// @Summary  Somebody's picture
// @Description For <img> elements, which send no token: the address itself is the secret, and works until the picture is changed.
// @Tags     users
// @Produce  image/jpeg,image/png
// @Param    id path string true "from avatar_url"
// @Success  200 {file} binary
// @Success  304
// @Failure  404 {object} wire.Problem
// @Router   /avatars/{id} [get]
func (h *users) avatar(c *gin.Context) {
	id, ok := pathID(c, "id", "picture")
	if !ok {
		return
	}
	content, err := h.svc.Avatar(c.Request.Context(), id)
	if err != nil {
		fail(c, err)
		return
	}
	defer content.Close()
	sendContent(c, content)
}
