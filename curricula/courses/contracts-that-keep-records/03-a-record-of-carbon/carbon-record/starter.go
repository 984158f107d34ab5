package main

import (
	"chainmaker.org/chainmaker/contract-sdk-go/v2/pb/protogo"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sandbox"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sdk"
)

// stage says which party writes it down, and in which role.
type stage struct{ name, party, role string }

var stages = []stage{
	{"generation", "plant", "client"},
	{"transmission", "grid", "client"},
	{"consumption", "user", "client"},
	{"retirement", "user", "admin"},
}

type Carbon struct{}

// InitContract keeps under writer#STAGE the organisation of each stage's party.
func (c *Carbon) InitContract() protogo.Response {
	for _, one := range stages {
		organisation := arg(one.party)
		// TODO: refuse an empty one, then keep it.
		_ = organisation
	}
	return sdk.SuccessResponse
}

func (c *Carbon) UpgradeContract() protogo.Response { return sdk.SuccessResponse }

func (c *Carbon) InvokeContract(method string) protogo.Response {
	switch method {
	case "record":
		return answer(record(arg("asset"), arg("stage"), arg("kg")))
	case "total":
		return answer(total(arg("asset")))
	case "history":
		return answer(history(arg("asset")))
	}
	return sdk.Error("unknown method " + method)
}

// record checks everything first, then writes three keys and emits one event.
// It gives the lot's new total; an error refuses the call.
func record(asset, name, kg string) (string, error) {
	// TODO
	return "0", nil
}

// total gives the sum of a lot's stages.
func total(asset string) (string, error) {
	// TODO
	return "0", nil
}

// history gives "generation=12,transmission=3": what has been, in the order of the stages.
func history(asset string) (string, error) {
	// TODO
	return "", nil
}

// arg is what the caller gave under this name, "" for nothing.
func arg(name string) string { return string(sdk.Instance.GetArgs()[name]) }

func answer(result string, err error) protogo.Response {
	if err != nil {
		return sdk.Error(err.Error())
	}
	return sdk.Success([]byte(result))
}

func main() {
	if err := sandbox.Start(new(Carbon)); err != nil {
		sdk.Instance.Errorf("%v", err)
	}
}
