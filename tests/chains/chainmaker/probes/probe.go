package main

import (
	"fmt"
	"strings"

	"chainmaker.org/chainmaker/contract-sdk-go/v2/pb/protogo"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sandbox"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sdk"
	"chainmaker.org/chainmaker/pb-go/v2/vm"
)

type Probe struct{}

func told(values ...string) protogo.Response {
	return sdk.Success([]byte(strings.Join(values, "|")))
}

func must(value string, err error) string {
	if err != nil {
		panic(err)
	}
	return value
}

func (Probe) InitContract() protogo.Response {
	for _, field := range []string{"c", "a", "b"} {
		if err := sdk.Instance.PutState("row", field, "value-"+field); err != nil {
			return sdk.Error(err.Error())
		}
	}
	sdk.Instance.PutStateFromKey("single", "alone")
	return told("ready")
}

func (Probe) UpgradeContract() protogo.Response { return told("upgraded") }

func (p Probe) InvokeContract(method string) protogo.Response {
	args := sdk.Instance.GetArgs()
	switch method {
	case "who":
		height, _ := sdk.Instance.GetBlockHeight()
		return told(
			must(sdk.Instance.GetSenderOrgId()), must(sdk.Instance.GetSenderRole()),
			must(sdk.Instance.GetSenderPk()), must(sdk.Instance.Origin()),
			must(sdk.Instance.GetCreatorOrgId()), must(sdk.Instance.GetCreatorRole()),
			must(sdk.Instance.GetCreatorPk()), must(sdk.Instance.GetTxId()),
			must(sdk.Instance.GetTxTimeStamp()), fmt.Sprint(height),
		)
	case "range":
		rows, err := sdk.Instance.NewIteratorWithField("row", "a", "c")
		return walked(rows, err)
	case "prefix":
		rows, err := sdk.Instance.NewIteratorPrefixWithKey("row")
		return walked(rows, err)
	case "single":
		return told(must(sdk.Instance.GetStateFromKey("single")))
	case "nothing":
		value, err := sdk.Instance.GetState("no", "thing")
		return told(value, fmt.Sprint(err == nil))
	case "delete":
		sdk.Instance.DelState("row", "a")
		return told(must(sdk.Instance.GetState("row", "a")))
	case "emit":
		sdk.Instance.EmitEvent("topic", []string{"one", "", "三"})
		return told()
	case "call":
		response := sdk.Instance.CallContract(
			string(args["contract"]), "single", map[string][]byte{"x": []byte("1")},
		)
		return told(string(response.Payload))
	case "log_line":
		sdk.Instance.Log("a line")
		return told()
	case "bytes":
		return sdk.Success(args["x"])
	case "fail":
		sdk.Instance.PutState("row", "a", "changed")
		return sdk.Error("a reason")
	case "trap":
		var values []string
		return told(values[len(args)])
	}
	return p.more(method, args)
}

// more is what only Go's interface has.
func (Probe) more(method string, args map[string][]byte) protogo.Response {
	switch method {
	case "self":
		return told(
			must(sdk.Instance.GetContractName()), must(sdk.Instance.GetContractAddr()),
			must(sdk.Instance.Sender()),
		)
	case "write":
		sdk.Instance.PutState("row", "a", string(args["value"]))
		return told()
	case "history":
		rows, err := sdk.Instance.NewHistoryKvIterForKey("row", "a")
		if err != nil {
			return sdk.Error(err.Error())
		}
		var found []string
		for rows.HasNext() {
			row, err := rows.Next()
			if err != nil {
				return sdk.Error(err.Error())
			}
			found = append(found, fmt.Sprintf("%d %s %v", row.BlockHeight, row.Value, row.IsDelete))
		}
		return told(found...)
	case "batch":
		found, err := sdk.Instance.GetBatchState([]*vm.BatchKey{
			{Key: "row", Field: "b"}, {Key: "no", Field: "thing"}, {Key: "single"},
		})
		if err != nil {
			return sdk.Error(err.Error())
		}
		var values []string
		for _, row := range found {
			values = append(values, string(row.Value))
		}
		return told(values...)
	case "refused":
		response := sdk.Instance.CallContract(string(args["contract"]), "fail", nil)
		return told(fmt.Sprint(response.Status), response.Message)
	case "exists":
		_, there, _ := sdk.Instance.GetStateFromKeyWithExists("single")
		_, missing, _ := sdk.Instance.GetStateWithExists("no", "thing")
		return told(fmt.Sprint(there), fmt.Sprint(missing))
	}
	return sdk.Error("unknown method " + method)
}

func walked(rows sdk.ResultSetKV, err error) protogo.Response {
	if err != nil {
		return sdk.Error(err.Error())
	}
	var found []string
	for rows.HasNext() {
		key, field, value, err := rows.Next()
		if err != nil {
			return sdk.Error(err.Error())
		}
		found = append(found, key+"#"+field+"="+string(value))
	}
	rows.Close()
	return told(found...)
}

func main() {
	if err := sandbox.Start(Probe{}); err != nil {
		sdk.Instance.Errorf("%v", err)
	}
}
