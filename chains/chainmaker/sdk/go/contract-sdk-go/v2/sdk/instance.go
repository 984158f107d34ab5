package sdk

import (
	"errors"
	"strconv"

	"chainmaker.org/chainmaker/common/v2/serialize"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/internal/chain"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/pb/protogo"
	"chainmaker.org/chainmaker/pb-go/v2/vm"
)

const maxBatchKeys = 10000

type instance struct{}

func entry(key, field string) *serialize.EasyCodec {
	body := serialize.NewEasyCodec()
	body.AddString("key", key)
	body.AddString("field", field)
	return body
}

func (instance) GetArgs() map[string][]byte {
	args := map[string][]byte{}
	for name, value := range chain.Args() {
		if !isOfChain(name) {
			args[name] = value
		}
	}
	return args
}

// isOfChain tells `__tx_id__` and its like from a caller's own arguments.
func isOfChain(name string) bool {
	return len(name) > 1 && name[:2] == "__" && name[len(name)-2:] == "__"
}

func (instance) GetStateByte(key, field string) ([]byte, error) {
	return chain.Bytes("GetState", "GetStateLen", entry(key, field))
}

func (i instance) GetState(key, field string) (string, error) {
	value, err := i.GetStateByte(key, field)
	return string(value), err
}

func (i instance) GetStateWithExists(key, field string) (string, bool, error) {
	value, err := i.GetStateByte(key, field)
	return string(value), len(value) > 0, err
}

func (i instance) GetStateFromKey(key string) (string, error) { return i.GetState(key, "") }

func (i instance) GetStateFromKeyWithExists(key string) (string, bool, error) {
	return i.GetStateWithExists(key, "")
}

func (i instance) GetStateFromKeyByte(key string) ([]byte, error) { return i.GetStateByte(key, "") }

func (i instance) GetBatchState(batchKeys []*vm.BatchKey) ([]*vm.BatchKey, error) {
	if len(batchKeys) > maxBatchKeys {
		return nil, errors.New("over batch keys count limit " + strconv.Itoa(maxBatchKeys))
	}
	found := make([]*vm.BatchKey, 0, len(batchKeys))
	for _, wanted := range batchKeys {
		value, err := i.GetStateByte(wanted.Key, wanted.Field)
		if err != nil {
			return nil, err
		}
		found = append(found, &vm.BatchKey{
			Key: wanted.Key, Field: wanted.Field, Value: value, ContractName: wanted.ContractName,
		})
	}
	return found, nil
}

func (i instance) PutStateByte(key, field string, value []byte) error {
	if len(value) == 0 {
		return i.DelState(key, field)
	}
	body := entry(key, field)
	body.AddBytes("value", value)
	return chain.Send("PutState", body.Marshal())
}

func (i instance) PutState(key, field string, value string) error {
	return i.PutStateByte(key, field, []byte(value))
}

func (i instance) PutStateFromKey(key string, value string) error {
	return i.PutState(key, "", value)
}

func (i instance) PutStateFromKeyByte(key string, value []byte) error {
	return i.PutStateByte(key, "", value)
}

func (instance) DelState(key, field string) error {
	return chain.Send("DeleteState", entry(key, field).Marshal())
}

func (i instance) DelStateFromKey(key string) error { return i.DelState(key, "") }

func (instance) GetCreatorOrgId() (string, error) { return chain.Arg("__creator_org_id__") }
func (instance) GetCreatorRole() (string, error)  { return chain.Arg("__creator_role__") }
func (instance) GetCreatorPk() (string, error)    { return chain.Arg("__creator_pk__") }
func (instance) GetSenderOrgId() (string, error)  { return chain.Arg("__sender_org_id__") }
func (instance) GetSenderRole() (string, error)   { return chain.Arg("__sender_role__") }
func (instance) GetSenderPk() (string, error)     { return chain.Arg("__sender_pk__") }
func (instance) GetTxId() (string, error)         { return chain.Arg("__tx_id__") }
func (instance) GetTxTimeStamp() (string, error)  { return chain.Arg("__tx_time_stamp__") }
func (instance) GetContractName() (string, error) { return chain.Arg("__contract_name__") }
func (instance) GetContractAddr() (string, error) { return chain.Arg("__contract_addr__") }

func (i instance) Sender() (string, error) {
	if caller, err := chain.Arg("__cross_caller__"); err == nil {
		return caller, nil
	}
	return i.Origin()
}

func (instance) Origin() (string, error) {
	address, err := chain.Bytes(
		"GetSenderAddress", "GetSenderAddressLen", serialize.NewEasyCodec(),
	)
	return string(address), err
}

func (i instance) GetSenderAddr() (string, error) { return i.Origin() }

func (instance) GetBlockHeight() (int, error) {
	height, err := chain.Arg("__block_height__")
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(height)
}

func (i instance) GetTxInfo(txId string) protogo.Response {
	method := "GET_TX_BY_TX_ID"
	args := map[string][]byte{"txId": []byte(txId), "method": []byte(method)}
	return i.CallContract("CHAIN_QUERY", method, args)
}

func (instance) EmitEvent(topic string, data []string) {
	body := serialize.NewEasyCodec()
	body.AddString("topic", topic)
	for number, text := range data {
		body.AddString("data"+strconv.Itoa(number), text)
	}
	if err := chain.Send("EmitEvent", body.Marshal()); err != nil {
		chain.Log("[ERROR] event " + topic + " was not emitted")
	}
}

func (instance) Log(message string) { chain.Log(message) }

func (instance) Debugf(format string, a ...interface{}) {
	chain.Log("[DEBUG] " + chain.Format(format, a...))
}

func (instance) Infof(format string, a ...interface{}) {
	chain.Log("[INFO] " + chain.Format(format, a...))
}

func (instance) Warnf(format string, a ...interface{}) {
	chain.Log("[WARN] " + chain.Format(format, a...))
}

func (instance) Errorf(format string, a ...interface{}) {
	chain.Log("[ERROR] " + chain.Format(format, a...))
}

func (instance) CallContract(
	contractName, method string, args map[string][]byte,
) protogo.Response {
	body := serialize.NewEasyCodec()
	body.AddString("contract_name", contractName)
	body.AddString("method", method)
	body.AddBytes("param", serialize.NewEasyCodecWithMap(args).Marshal())
	answer, err := chain.Bytes("TryCallContract", "TryCallContractLen", body)
	if err != nil {
		return Error("call of contract [" + contractName + "] method [" + method + "] failed")
	}
	codec := serialize.NewEasyCodecWithBytes(answer)
	status, _ := codec.GetInt32("status")
	message, _ := codec.GetString("message")
	payload, _ := codec.GetBytes("payload")
	return protogo.Response{Status: status, Message: message, Payload: payload}
}
