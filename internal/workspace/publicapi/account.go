package publicapi

import (
	"kaiwa/internal/kernel/api"
	"kaiwa/internal/workspace/account"
)

// account finds the account of the path among the workspace's own.
func (a *API) account(c *api.Call) (*account.Account, error) {
	if of := a.accounts.Get(callerOf(c).workspace.ID, c.Path(accountID.name)); of != nil {
		return of, nil
	}
	return nil, api.Errorf(api.NotFound, "The workspace has no such account")
}

// AccountList is the answer of listAccounts.
type AccountList struct {
	Accounts []AccountItem `json:"accounts"`
}

// AccountItem is one account of the workspace.
type AccountItem struct {
	ID          string `json:"id"`
	Name        string `json:"name,omitzero"`
	BasicID     string `json:"basicId,omitzero"`
	ConnectedAt string `json:"connectedAt"`
}

func (a *API) listAccounts(c *api.Call) (any, error) {
	list := AccountList{Accounts: []AccountItem{}}
	for _, of := range a.accounts.Accounts(callerOf(c).workspace.ID) {
		list.Accounts = append(list.Accounts, AccountItem{of.ID, of.Name, of.BasicID, stamp(of.ConnectedAt.UnixMilli())})
	}
	return list, nil
}
