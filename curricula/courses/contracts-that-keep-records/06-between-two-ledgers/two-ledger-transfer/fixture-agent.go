package main

import (
	"chainmaker.org/chainmaker/contract-sdk-go/v2/pb/protogo"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sandbox"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sdk"
)

// Agent is another contract on the same ledger. It says what it likes in events of its own, and
// it may call the real contract.
type Agent struct{}

func (a *Agent) InitContract() protogo.Response { return sdk.SuccessResponse }

func (a *Agent) UpgradeContract() protogo.Response { return sdk.SuccessResponse }

func (a *Agent) InvokeContract(method string) protogo.Response {
	args := sdk.Instance.GetArgs()
	told := []string{string(args["transfer"]), string(args["receipt"]), string(args["kg"]), "1800000000"}
	switch method {
	case "pretend":
		sdk.Instance.EmitEvent("locked", told)
		return sdk.SuccessResponse
	case "lock_for":
		sdk.Instance.EmitEvent("locked", told)
		return sdk.Instance.CallContract("receipts", "lock", map[string][]byte{"receipt": args["receipt"]})
	}
	return sdk.Error("unknown method " + method)
}

func main() {
	if err := sandbox.Start(new(Agent)); err != nil {
		sdk.Instance.Errorf("%v", err)
	}
}
