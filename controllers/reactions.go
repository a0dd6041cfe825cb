package controllers

import (
	"context"

	"github.com/gin-gonic/gin"

	"lectern/models"
	"lectern/services"
)

type reactions struct{ svc *services.Reactions }

// @Summary  React to a post
// @Description Doing it twice changes nothing. A post has at most 20 different emoji.
// @Tags     reactions
// @Security Bearer
// @Param    id    path string true "post id"
// @Param    emoji path string true "one emoji, percent-encoded"
// @Success  204
// @Failure  401,403,404,409,422,429 {object} wire.Problem
// @Router   /posts/{id}/reactions/{emoji} [put]
func (h *reactions) addToPost(c *gin.Context) { react(c, models.EntryPost, h.svc.Add) }

// @Summary  Take back a reaction to a post
// @Tags     reactions
// @Security Bearer
// @Param    id    path string true "post id"
// @Param    emoji path string true "one emoji, percent-encoded"
// @Success  204
// @Failure  401,403,404,422,429 {object} wire.Problem
// @Router   /posts/{id}/reactions/{emoji} [delete]
func (h *reactions) removeFromPost(c *gin.Context) { react(c, models.EntryPost, h.svc.Remove) }

// @Summary  React to a comment
// @Description Doing it twice changes nothing. A comment has at most 20 different emoji.
// @Tags     reactions
// @Security Bearer
// @Param    id    path string true "comment id"
// @Param    emoji path string true "one emoji, percent-encoded"
// @Success  204
// @Failure  401,403,404,409,422,429 {object} wire.Problem
// @Router   /comments/{id}/reactions/{emoji} [put]
func (h *reactions) addToComment(c *gin.Context) { react(c, models.EntryComment, h.svc.Add) }

// @Summary  Take back a reaction to a comment
// @Tags     reactions
// @Security Bearer
// @Param    id    path string true "comment id"
// @Param    emoji path string true "one emoji, percent-encoded"
// @Success  204
// @Failure  401,403,404,422,429 {object} wire.Problem
// @Router   /comments/{id}/reactions/{emoji} [delete]
func (h *reactions) removeFromComment(c *gin.Context) { react(c, models.EntryComment, h.svc.Remove) }

// @Summary  React to a message
// @Description Doing it twice changes nothing. A message has at most 20 different emoji.
// @Tags     reactions
// @Security Bearer
// @Param    id    path string true "message id"
// @Param    emoji path string true "one emoji, percent-encoded"
// @Success  204
// @Failure  401,404,409,422,429 {object} wire.Problem
// @Router   /messages/{id}/reactions/{emoji} [put]
func (h *reactions) addToMessage(c *gin.Context) { react(c, models.EntryMessage, h.svc.Add) }

// @Summary  Take back a reaction to a message
// @Tags     reactions
// @Security Bearer
// @Param    id    path string true "message id"
// @Param    emoji path string true "one emoji, percent-encoded"
// @Success  204
// @Failure  401,404,422,429 {object} wire.Problem
// @Router   /messages/{id}/reactions/{emoji} [delete]
func (h *reactions) removeFromMessage(c *gin.Context) { react(c, models.EntryMessage, h.svc.Remove) }

func react(c *gin.Context, kind string, do func(ctx context.Context, actor services.Actor, kind, id, emoji string) error) {
	id, ok := pathID(c, "id", kind)
	if !ok {
		return
	}
	replyEmpty(c, do(c.Request.Context(), actor(c), kind, id, c.Param("emoji")))
}
