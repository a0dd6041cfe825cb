package services

import (
	"context"
	"slices"
	"strings"

	"lectern/internal/wire"
)

// Server is what anybody may know of this installation; an administrator also learns whether it can send email.
func (a *Auth) Server(actor Actor, version string) wire.ServerInfo {
	delivers := a.opts.Mailer.Delivers()
	info := wire.ServerInfo{Version: version, SignUp: a.opts.SignUp, EmailVerification: delivers}
	if a.opts.SignUp == SignUpDomains {
		info.Domains = a.opts.Domains
	}
	if actor.Admin {
		info.Mail = &delivers
	}
	return info
}

// Empty tells whether nobody has an account yet: the first one administers the installation.
func (a *Auth) Empty(ctx context.Context) (bool, error) {
	if a.peopled.Load() {
		return false, nil
	}
	anybody, err := a.store.HasUsers(ctx)
	if anybody {
		a.peopled.Store(true) // for good: accounts that end leave their rows
	}
	return !anybody, err
}

// signUpRefusal tells why the policy does not let an address sign up; nil when it does. The code of an invite is looked at,
// not used up: that happens when its holder joins the channel.
func (a *Auth) signUpRefusal(ctx context.Context, email, code string) (*Error, error) {
	switch a.opts.SignUp {
	case SignUpDomains:
		domain := email[strings.LastIndex(email, "@")+1:]
		if !slices.Contains(a.opts.Domains, domain) {
			return signUpRefused("email", "Only addresses of "+strings.Join(a.opts.Domains, ", ")+" can sign up here."), nil
		}
	case SignUpInvite:
		if strings.TrimSpace(code) == "" {
			return signUpRefused("invite_code", "One signs up here with an invite. Ask your teacher for its link or code."), nil
		}
		invites := &Invites{store: a.store, clock: a.clock}
		row, err := invites.find(ctx, code)
		if err == nil {
			err = invites.usable(row)
		}
		if isKind(err, KindNotFound, KindConflict) {
			return signUpRefused("invite_code", err.Error()), nil
		}
		return nil, err
	}
	return nil, nil
}

func signUpRefused(field, sentence string) *Error {
	return &Error{Kind: KindSignUpRefused, Message: sentence, Fields: map[string]string{field: sentence}}
}
