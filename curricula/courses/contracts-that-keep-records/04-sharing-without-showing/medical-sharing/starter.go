package main

import (
	"errors"
	"strconv"
	"strings"

	"chainmaker.org/chainmaker/contract-sdk-go/v2/pb/protogo"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sandbox"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sdk"
)

var (
	errForm      = errors.New("an argument has not the right form")
	errPermitted = errors.New("not permitted")
	errUnknown   = errors.New("unknown")
	errOver      = errors.New("the grant is over")
)

type Records struct{}

// InitContract keeps who takes part, and who supervises.
func (r *Records) InitContract() protogo.Response {
	// TODO: refuse what the statement refuses.
	putState("regulator", "", arg("regulator"))
	putState("members", "", arg("organisations"))
	return sdk.Success([]byte("installed"))
}

func (r *Records) UpgradeContract() protogo.Response { return sdk.Success([]byte("upgraded")) }

func (r *Records) InvokeContract(method string) protogo.Response {
	record := arg("record")
	// TODO: is it a record?
	switch method {
	case "put":
		return answer(put(record, arg("digest"), arg("key")))
	case "grant":
		return answer(grant(record, arg("organisation"), arg("key"), arg("until")))
	case "revoke":
		return answer(revoke(record, arg("organisation")))
	case "access":
		return answer(access(record, arg("purpose")))
	case "digest":
		return answer(digest(record))
	case "audit":
		return answer(audit(record))
	}
	return sdk.Error("unknown method " + method)
}

// put begins a record; whoever calls owns it.
func put(record, digest, key string) (string, error) {
	// TODO: the refusals, the owner, the key.
	putState("record."+record, "digest", digest)
	sdk.Instance.EmitEvent("stored", []string{record, digest})
	return "stored", nil
}

// grant lets an organisation have its wrapped key before a moment.
func grant(record, to, key, until string) (string, error) {
	return "", errPermitted // TODO
}

// revoke takes a grant back, also one that is over.
func revoke(record, from string) (string, error) {
	return "", errPermitted // TODO
}

// access gives the caller's wrapped key, and leaves a trace.
func access(record, purpose string) (string, error) {
	key, err := keyOf(record)
	if err != nil {
		return "", err
	}
	// TODO: the purpose, the role, the trace, the event.
	return key, nil
}

// keyOf gives the wrapped key that the caller may have now.
func keyOf(record string) (string, error) {
	return "", errPermitted // TODO
}

func digest(record string) (string, error) {
	return getState("record."+record, "digest"), nil // TODO: and where there is none?
}

// audit tells the regulator who has had the key: "TIME,ORGANISATION,PURPOSE;…".
func audit(record string) (string, error) {
	return "", errPermitted // TODO
}

// isHex: exactly so many lower-case hexadecimal digits. Trim leaves whatever is none.
func isHex(text string, digits int) bool {
	return len(text) == digits && strings.Trim(text, "0123456789abcdef") == ""
}

// now is the time of the transaction: the same on every node.
func now() int64 {
	seconds, err := strconv.ParseInt(must(sdk.Instance.GetTxTimeStamp()), 10, 64)
	check(err)
	return seconds
}

// arg is what the caller gave under this name, "" for nothing.
func arg(name string) string { return string(sdk.Instance.GetArgs()[name]) }

func getState(key, field string) string { return must(sdk.Instance.GetState(key, field)) }

func putState(key, field, value string) { check(sdk.Instance.PutState(key, field, value)) }

func delState(key, field string) { check(sdk.Instance.DelState(key, field)) }

// must: what the chain itself cannot tell ends the transaction.
func must(text string, err error) string {
	check(err)
	return text
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func answer(result string, err error) protogo.Response {
	if err != nil {
		return sdk.Error(err.Error())
	}
	return sdk.Success([]byte(result))
}

func main() {
	check(sandbox.Start(new(Records)))
}
