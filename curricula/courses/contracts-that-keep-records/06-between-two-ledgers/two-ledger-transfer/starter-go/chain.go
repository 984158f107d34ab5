package main

// The chain in short words. Should it fail, the transaction fails with it, and nothing is written.

import (
	"strconv"

	"chainmaker.org/chainmaker/contract-sdk-go/v2/pb/protogo"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sandbox"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sdk"
)

// get reads an entry, "" where there is none.
func get(key, field string) string { return must(sdk.Instance.GetState(key, field)) }

// put writes an entry.
func put(key, field, value string) { must("", sdk.Instance.PutState(key, field, value)) }

// del deletes an entry.
func del(key, field string) { must("", sdk.Instance.DelState(key, field)) }

// emit leaves an event.
func emit(topic string, data ...string) { sdk.Instance.EmitEvent(topic, data) }

// id is that of this transaction: no other one, on any ledger, has it.
func id() string { return must(sdk.Instance.GetTxId()) }

// now is the time of this transaction in seconds, by the clock of this ledger.
func now() int64 {
	seconds, _ := strconv.ParseInt(must(sdk.Instance.GetTxTimeStamp()), 10, 64)
	return seconds
}

// self is the name under which this contract is installed, on both ledgers.
func self() string { return must(sdk.Instance.GetContractName()) }

// sender tells the organisation and the role of the caller, from the certificate.
func sender() (organisation, role string) {
	return must(sdk.Instance.GetSenderOrgId()), must(sdk.Instance.GetSenderRole())
}

// arg is what the caller gave under this name, "" for nothing.
func arg(name string) string { return string(sdk.Instance.GetArgs()[name]) }

func must(value string, err error) string {
	if err != nil {
		panic(err)
	}
	return value
}

// Receipts is the contract: InvokeContract leads to the functions of contract.go.
type Receipts struct{}

func (r *Receipts) InitContract() protogo.Response { return answer("", begin()) }

func (r *Receipts) UpgradeContract() protogo.Response { return answer("", nil) }

func (r *Receipts) InvokeContract(method string) protogo.Response {
	switch method {
	case "issue":
		return answer("", issue(arg("receipt"), arg("kg")))
	case "held":
		return answer(held(arg("receipt")), nil)
	case "lock":
		return answer(lock(arg("receipt")))
	case "sync":
		return answer("", sync(arg("header")))
	case "claim":
		return answer("", claim(arg("proof")))
	case "refuse":
		return answer("", refuse(arg("proof")))
	case "confirm":
		return answer("", confirm(arg("proof")))
	case "cancel":
		return answer("", cancel(arg("proof")))
	}
	return sdk.Error("unknown method " + method)
}

func answer(result string, err error) protogo.Response {
	if err != nil {
		return sdk.Error(err.Error())
	}
	return sdk.Success([]byte(result))
}

func main() {
	if err := sandbox.Start(new(Receipts)); err != nil {
		sdk.Instance.Errorf("%v", err)
	}
}
