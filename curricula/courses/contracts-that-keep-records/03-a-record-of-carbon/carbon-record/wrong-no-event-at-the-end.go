// misconception: silent-write
package main

import (
	"errors"
	"math"
	"strconv"
	"strings"

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

const longestAsset = 64
const allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

type Carbon struct{}

func (c *Carbon) InitContract() protogo.Response {
	for _, one := range stages {
		organisation := arg(one.party)
		if organisation == "" {
			return sdk.Error("no organisation for " + one.party)
		}
		if err := sdk.Instance.PutState("writer", one.name, organisation); err != nil {
			return sdk.Error(err.Error())
		}
	}
	return sdk.SuccessResponse
}

// UpgradeContract leaves the state alone: it belongs to the record, not to this version.
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

func record(asset, name, kg string) (string, error) {
	if err := checkAsset(asset); err != nil {
		return "", err
	}
	position := find(name)
	if position < 0 {
		return "", errors.New("no such stage")
	}
	if err := checkCaller(stages[position]); err != nil {
		return "", err
	}
	added, err := number(kg)
	if err != nil {
		return "", errors.New("kg is no whole number of 64 bits")
	}
	key := "lot." + asset
	last, err := sdk.Instance.GetState(key, "last")
	if err != nil {
		return "", err
	}
	if find(last)+1 != position {
		return "", errors.New("this stage is not the next one")
	}
	sum, err := add(key, added)
	if err != nil {
		return "", err
	}
	for _, entry := range [][2]string{{name, kg}, {"last", name}, {"total", sum}} {
		if err := sdk.Instance.PutState(key, entry[0], entry[1]); err != nil {
			return "", err
		}
	}
	if name != "retirement" {
		sdk.Instance.EmitEvent("recorded", []string{asset, name, kg})
	}
	return sum, nil
}

func total(asset string) (string, error) {
	sum, err := sdk.Instance.GetState("lot."+asset, "total")
	if err == nil && sum == "" {
		err = errors.New("unknown lot")
	}
	return sum, err
}

func history(asset string) (string, error) {
	var told []string
	for _, one := range stages {
		kg, err := sdk.Instance.GetState("lot."+asset, one.name)
		if err != nil {
			return "", err
		}
		if kg != "" {
			told = append(told, one.name+"="+kg)
		}
	}
	if told == nil {
		return "", errors.New("unknown lot")
	}
	return strings.Join(told, ","), nil
}

// checkAsset: a name that may stand in a key.
func checkAsset(asset string) error {
	if asset == "" || len(asset) > longestAsset {
		return errors.New("an asset has 1 to 64 characters")
	}
	for _, letter := range asset {
		if !strings.ContainsRune(allowed, letter) {
			return errors.New("an asset has letters, digits and . _ - only")
		}
	}
	return nil
}

// checkCaller asks the chain, not the arguments, who is calling.
func checkCaller(one stage) error {
	organisation, err := sdk.Instance.GetSenderOrgId()
	if err != nil {
		return err
	}
	role, err := sdk.Instance.GetSenderRole()
	if err != nil {
		return err
	}
	writer, err := sdk.Instance.GetState("writer", one.name)
	if err != nil {
		return err
	}
	if organisation != writer || role != one.role {
		return errors.New("not permitted")
	}
	return nil
}

// find gives the place of a stage, and -1 for what is none.
func find(name string) int {
	for position, one := range stages {
		if one.name == name {
			return position
		}
	}
	return -1
}

// number takes one spelling only: "7", and neither "07" nor "+7".
func number(text string) (uint64, error) {
	value, err := strconv.ParseUint(text, 10, 64)
	if err == nil && strconv.FormatUint(value, 10) != text {
		err = errors.New("not the plain spelling")
	}
	return value, err
}

// add gives the lot's total with this much more, or refuses before it runs over.
func add(key string, more uint64) (string, error) {
	text, err := sdk.Instance.GetState(key, "total")
	if err != nil {
		return "", err
	}
	var before uint64
	if text != "" {
		if before, err = number(text); err != nil {
			return "", err
		}
	}
	if before > math.MaxUint64-more {
		return "", errors.New("the total would run over")
	}
	return strconv.FormatUint(before+more, 10), nil
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
