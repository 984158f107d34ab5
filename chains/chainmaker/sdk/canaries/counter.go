package main

import (
	"strconv"

	"chainmaker.org/chainmaker/contract-sdk-go/v2/pb/protogo"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sandbox"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sdk"
)

// Counter adds up what it is given.
type Counter struct{}

func (c *Counter) InitContract() protogo.Response {
	if err := sdk.Instance.PutState("counter", "total", "0"); err != nil {
		return sdk.Error(err.Error())
	}
	return sdk.Success([]byte("installed"))
}

func (c *Counter) UpgradeContract() protogo.Response { return sdk.Success([]byte("upgraded")) }

func (c *Counter) InvokeContract(method string) protogo.Response {
	total, err := sdk.Instance.GetState("counter", "total")
	if err != nil {
		return sdk.Error(err.Error())
	}
	switch method {
	case "total":
		return sdk.Success([]byte(total))
	case "add":
		return c.add(total)
	}
	return sdk.Error("unknown method " + method)
}

func (c *Counter) add(total string) protogo.Response {
	before, err := strconv.ParseUint(total, 10, 64)
	if err != nil {
		return sdk.Error("no total")
	}
	amount, err := strconv.ParseUint(string(sdk.Instance.GetArgs()["amount"]), 10, 64)
	if err != nil {
		return sdk.Error("amount is no number")
	}
	if before+amount < before {
		return sdk.Error("too much")
	}
	after := strconv.FormatUint(before+amount, 10)
	if err := sdk.Instance.PutState("counter", "total", after); err != nil {
		return sdk.Error(err.Error())
	}
	org, err := sdk.Instance.GetSenderOrgId()
	if err != nil {
		return sdk.Error(err.Error())
	}
	sdk.Instance.EmitEvent("added", []string{after, org})
	return sdk.Success([]byte(after))
}

func main() {
	if err := sandbox.Start(new(Counter)); err != nil {
		sdk.Instance.Errorf(err.Error())
	}
}
