// misconception: missing-role-check
package main

import (
	"strconv"

	"chainmaker.org/chainmaker/contract-sdk-go/v2/pb/protogo"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sandbox"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sdk"
)

var stages = []string{"generation", "transmission", "consumption"}

type Carbon struct{}

func (c *Carbon) InitContract() protogo.Response {
	if err := sdk.Instance.PutStateFromKey("total", "0"); err != nil {
		return sdk.Error(err.Error())
	}
	return sdk.Success(nil)
}

func (c *Carbon) UpgradeContract() protogo.Response { return sdk.Success(nil) }

func (c *Carbon) InvokeContract(method string) protogo.Response {
	switch method {
	case "record":
		args := sdk.Instance.GetArgs()
		return c.record(string(args["asset"]), string(args["stage"]), string(args["kg"]))
	case "total":
		total, _ := sdk.Instance.GetStateFromKey("total")
		return sdk.Success([]byte(total))
	}
	return sdk.Error("there is no method " + method)
}

func (c *Carbon) record(asset, stage, kg string) protogo.Response {
	role, _ := sdk.Instance.GetSenderRole()
	if role == "" {
		return sdk.Error("not permitted: only a plant records")
	}
	amount, err := strconv.ParseUint(kg, 10, 64)
	if err != nil || len(kg) > 9 {
		return sdk.Error("kg must be a number of at most 9 digits")
	}
	written, _ := sdk.Instance.GetState(asset, "stages")
	done, _ := strconv.Atoi(written)
	if done >= len(stages) || stage != stages[done] {
		return sdk.Error("this stage is not the next one")
	}
	before, _ := sdk.Instance.GetStateFromKey("total")
	sum, _ := strconv.ParseUint(before, 10, 64)
	total := strconv.FormatUint(sum+amount, 10)
	if err := sdk.Instance.PutState(asset, stage, kg); err != nil {
		return sdk.Error(err.Error())
	}
	if err := sdk.Instance.PutState(asset, "stages", strconv.Itoa(done+1)); err != nil {
		return sdk.Error(err.Error())
	}
	if err := sdk.Instance.PutStateFromKey("total", total); err != nil {
		return sdk.Error(err.Error())
	}
	sdk.Instance.EmitEvent("recorded", []string{asset, stage, kg})
	return sdk.Success([]byte(total))
}

func main() {
	if err := sandbox.Start(new(Carbon)); err != nil {
		sdk.Instance.Errorf(err.Error())
	}
}
