// misconception: one-total-for-all
package main

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"chainmaker.org/chainmaker/contract-sdk-go/v2/pb/protogo"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sandbox"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sdk"
)

const longest = 366 * 24 * 60 * 60 // seconds that a grant may last

// purposes is a closed list: free words would carry what must not be on the ledger.
var purposes = []string{"treatment", "claim", "research"}

var (
	errForm      = errors.New("an argument has not the right form")
	errPermitted = errors.New("not permitted")
	errUnknown   = errors.New("unknown")
	errOver      = errors.New("the grant is over")
)

type Records struct{}

// InitContract keeps who takes part, and who supervises.
func (r *Records) InitContract() protogo.Response {
	regulator, members := arg("regulator"), arg("organisations")
	if regulator == "" {
		return sdk.Error("name a regulator")
	}
	for _, organisation := range strings.Split(members, ",") {
		if organisation == "" || organisation == regulator {
			return sdk.Error("name the organisations, without the regulator")
		}
	}
	putState("regulator", "", regulator)
	putState("members", "", members)
	return sdk.Success([]byte("installed"))
}

// UpgradeContract leaves the state alone: the grants belong to the patients.
func (r *Records) UpgradeContract() protogo.Response { return sdk.Success([]byte("upgraded")) }

func (r *Records) InvokeContract(method string) protogo.Response {
	record := arg("record")
	if !isHex(record, 32) {
		return sdk.Error(errForm.Error())
	}
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
	if !isHex(digest, 64) || !isWrapped(key) {
		return "", errForm
	}
	if must(sdk.Instance.GetSenderRole()) != "client" || !isMember(organisation()) {
		return "", errPermitted
	}
	if ownerOf(record) != "" {
		return "", errors.New("the record exists")
	}
	putState("record."+record, "owner", must(sdk.Instance.Sender()))
	putState("record."+record, "digest", digest)
	putState("record."+record, "key", key)
	sdk.Instance.EmitEvent("stored", []string{record, digest})
	return "stored", nil
}

// grant lets an organisation have its wrapped key before a moment.
func grant(record, to, key, until string) (string, error) {
	end, err := strconv.ParseInt(until, 10, 64)
	if err != nil || strconv.FormatInt(end, 10) != until || !isWrapped(key) {
		return "", errForm
	}
	if err := checkOwner(record); err != nil {
		return "", err
	}
	if !isMember(to) {
		return "", errUnknown
	}
	if end <= now() {
		return "", errOver
	}
	if end-now() > longest {
		return "", errors.New("too long: a grant lasts at most 366 days")
	}
	putState("until."+record, to, until)
	putState("key."+record, to, key)
	sdk.Instance.EmitEvent("granted", []string{record, to, until})
	return "granted", nil
}

// revoke takes a grant back, also one that is over.
func revoke(record, from string) (string, error) {
	if err := checkOwner(record); err != nil {
		return "", err
	}
	if !isMember(from) || getState("until."+record, from) == "" {
		return "", errUnknown
	}
	delState("until."+record, from)
	delState("key."+record, from)
	sdk.Instance.EmitEvent("revoked", []string{record, from})
	return "revoked", nil
}

// access gives the caller's wrapped key, and leaves a trace.
func access(record, purpose string) (string, error) {
	if !slices.Contains(purposes, purpose) {
		return "", errForm
	}
	if must(sdk.Instance.GetSenderRole()) != "client" {
		return "", errPermitted
	}
	key, err := keyOf(record)
	if err != nil {
		return "", err
	}
	counted, _ := strconv.Atoi(getState("accesses", ""))
	putState("accesses", "", strconv.Itoa(counted+1))
	moment := must(sdk.Instance.GetTxTimeStamp()) + "." + must(sdk.Instance.GetTxId())
	putState("access."+record, moment, organisation()+","+purpose)
	sdk.Instance.EmitEvent("accessed", []string{record, organisation(), purpose})
	return key, nil
}

// keyOf gives the wrapped key that the caller may have now.
func keyOf(record string) (string, error) {
	owner := ownerOf(record)
	if owner == "" {
		return "", errUnknown
	}
	if owner == must(sdk.Instance.Sender()) {
		return getState("record."+record, "key"), nil
	}
	until := getState("until."+record, organisation())
	if until == "" {
		return "", errPermitted
	}
	end, err := strconv.ParseInt(until, 10, 64)
	if err != nil {
		return "", err
	}
	if end <= now() {
		return "", errOver
	}
	return getState("key."+record, organisation()), nil
}

func digest(record string) (string, error) {
	found := getState("record."+record, "digest")
	if found == "" {
		return "", errUnknown
	}
	return found, nil
}

// audit tells the regulator who has had the key: "TIME,ORGANISATION,PURPOSE;…", in the order of time.
func audit(record string) (string, error) {
	if organisation() != getState("regulator", "") {
		return "", errPermitted
	}
	if ownerOf(record) == "" {
		return "", errUnknown
	}
	rows, err := sdk.Instance.NewIteratorPrefixWithKey("access." + record)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var told []string
	for rows.HasNext() {
		_, field, value, err := rows.Next()
		if err != nil {
			return "", err
		}
		moment, _, _ := strings.Cut(field, ".")
		told = append(told, moment+","+string(value))
	}
	return strings.Join(told, ";"), nil
}

func ownerOf(record string) string { return getState("record."+record, "owner") }

func checkOwner(record string) error {
	owner := ownerOf(record)
	if owner == "" {
		return errUnknown
	}
	if owner != must(sdk.Instance.Sender()) {
		return errPermitted
	}
	return nil
}

func isMember(name string) bool {
	return slices.Contains(strings.Split(getState("members", ""), ","), name)
}

// isHex: exactly so many lower-case hexadecimal digits. Trim leaves whatever is none.
func isHex(text string, digits int) bool {
	return len(text) == digits && strings.Trim(text, "0123456789abcdef") == ""
}

// isWrapped: a 16-byte key, encrypted with SM2: 04, a point, a digest, 16 bytes.
func isWrapped(key string) bool { return isHex(key, 226) && strings.HasPrefix(key, "04") }

// organisation is the caller's, as the chain knows it.
func organisation() string { return must(sdk.Instance.GetSenderOrgId()) }

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
