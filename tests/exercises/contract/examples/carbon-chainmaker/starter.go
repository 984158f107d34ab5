package main

import (
	"chainmaker.org/chainmaker/contract-sdk-go/v2/pb/protogo"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sandbox"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sdk"
)

type Carbon struct{}

func (c *Carbon) InitContract() protogo.Response    { return sdk.Success(nil) }
func (c *Carbon) UpgradeContract() protogo.Response { return sdk.Success(nil) }

func (c *Carbon) InvokeContract(method string) protogo.Response {
	return sdk.Error("not written yet")
}

func main() {
	if err := sandbox.Start(new(Carbon)); err != nil {
		sdk.Instance.Errorf(err.Error())
	}
}
