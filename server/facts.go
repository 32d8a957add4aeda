package server

import (
	"time"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/vars"
)

// facts are what a preview shows of the contact beside the text. URNs are hidden where the settings say so.
type facts struct {
	Redacted    bool              `json:"redacted"`
	Destination destinationAnswer `json:"destination"`
	// Connections are in order of priority.
	Connections []connectionFacts `json:"connections"`
	// ContactURN tells what contact.urn is under each policy.
	ContactURN []policyFacts `json:"contact_urn"`
}

// connectionFacts are one connection with its type, and the channel that a message to it would travel through.
type connectionFacts struct {
	URN            string     `json:"urn"`
	ConnectionType string     `json:"connection_type"`
	ChannelTypes   []string   `json:"channel_types"`
	LastUsedOn     *time.Time `json:"last_used_on"`
	// Channel is null where none can send to the connection, and in a workspace that declares no channels.
	Channel *contactstore.Channel `json:"channel"`
}

// policyFacts are what contact.urn gives under one policy, and why.
type policyFacts struct {
	Policy     string           `json:"policy"`
	Current    bool             `json:"current"`
	Value      string           `json:"value"`
	Reason     string           `json:"reason"`
	Candidates []vars.Candidate `json:"candidates"`
}

// factsOf gives the facts of a contact under the settings of the evaluation; nil without a contact.
func factsOf(scope *vars.Scope) (*facts, error) {
	if scope.Contact.IsZero() {
		return nil, nil
	}
	policies, err := policiesOf(scope)
	if err != nil {
		return nil, err
	}
	settings := scope.Settings()
	f := &facts{
		Redacted: scope.Redacts(), Destination: destinationOf(scope.Contact, settings.Channels),
		Connections: connectionsOf(scope.Contact, settings.Channels), ContactURN: policies,
	}
	if f.Redacted {
		f.redact()
	}
	return f, nil
}

func (f *facts) redact() {
	if f.Destination.URN != nil {
		hidden := vars.Redact(*f.Destination.URN)
		f.Destination.URN = &hidden
	}
	for i := range f.Connections {
		f.Connections[i].URN = vars.Redact(f.Connections[i].URN)
	}
}

func connectionsOf(contact contactstore.Record, channels []contactstore.Channel) []connectionFacts {
	list := make([]connectionFacts, contact.Len())
	for i := range list {
		o := contact.At(i)
		list[i] = connectionFacts{URN: o.Stored(), ConnectionType: o.Scheme(), ChannelTypes: []string{}, Channel: contact.ChannelAt(i, channels)}
		if scheme, ok := contactstore.SchemeByName(o.Scheme()); ok {
			list[i].ConnectionType, list[i].ChannelTypes = scheme.Title, scheme.ChannelTypes
		}
		if at := o.LastUsedOn(); !at.IsZero() {
			list[i].LastUsedOn = &at
		}
	}
	return list
}

// policiesOf asks the variable contact.urn itself, once under each policy.
func policiesOf(scope *vars.Scope) ([]policyFacts, error) {
	variable, _ := vars.Resolve([]string{"contact", "urn"})
	list := make([]policyFacts, 0, len(contactstore.Policies()))
	for _, policy := range contactstore.Policies() {
		settings := *scope.Settings()
		current := settings.ContactURN == policy
		settings.ContactURN = policy
		workspace, err := scope.Workspace.With(settings)
		if err != nil {
			return nil, err
		}
		under := *scope
		under.Workspace = workspace
		value, _ := variable.Text(&under)
		reason, candidates := variable.Reason(&under)
		list = append(list, policyFacts{Policy: policy, Current: current, Value: value, Reason: reason, Candidates: candidates})
	}
	return list, nil
}
