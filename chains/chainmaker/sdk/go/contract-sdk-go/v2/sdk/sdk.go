// Package sdk is what a contract of the Chang'An Chain knows of the chain: interface version 2.
package sdk

import (
	"chainmaker.org/chainmaker/common/v2/serialize"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/pb/protogo"
	"chainmaker.org/chainmaker/pb-go/v2/vm"
)

const (
	OK    = 0
	ERROR = 1
)

// SuccessResponse has no payload.
var SuccessResponse = protogo.Response{Status: OK}

// Success keeps what the transaction wrote and gives the caller the payload.
func Success(payload []byte) protogo.Response {
	return protogo.Response{Status: OK, Payload: payload}
}

// Error undoes what the transaction wrote and gives the caller the reason.
func Error(message string) protogo.Response {
	return protogo.Response{Status: ERROR, Message: message}
}

// Contract is what a contract's author implements.
type Contract interface {
	// InitContract is called once, when the contract is installed.
	InitContract() protogo.Response
	// UpgradeContract is called when a new version takes the place of an old one.
	UpgradeContract() protogo.Response
	// InvokeContract is called by every other transaction and by queries.
	InvokeContract(method string) protogo.Response
}

// Instance is the chain as the running transaction sees it.
var Instance SDKInterface = instance{}

// SDKInterface is all that a contract can ask of the chain.
type SDKInterface interface {
	// GetArgs are the caller's arguments.
	GetArgs() map[string][]byte

	// Reads. Nothing there, and an empty value, are the same: "" or nil without an error.
	GetState(key, field string) (string, error)
	GetStateWithExists(key, field string) (string, bool, error)
	GetStateByte(key, field string) ([]byte, error)
	GetStateFromKey(key string) (string, error)
	GetStateFromKeyWithExists(key string) (string, bool, error)
	GetStateFromKeyByte(key string) ([]byte, error)
	GetBatchState(batchKeys []*vm.BatchKey) ([]*vm.BatchKey, error)

	// Writes. An empty value deletes.
	PutState(key, field string, value string) error
	PutStateByte(key, field string, value []byte) error
	PutStateFromKey(key string, value string) error
	PutStateFromKeyByte(key string, value []byte) error
	DelState(key, field string) error
	DelStateFromKey(key string) error

	// The creator of the contract.
	GetCreatorOrgId() (string, error)
	GetCreatorRole() (string, error)
	GetCreatorPk() (string, error)

	// The sender of the transaction.
	GetSenderOrgId() (string, error)
	GetSenderRole() (string, error)
	GetSenderPk() (string, error)

	// The transaction.
	GetBlockHeight() (int, error)
	GetTxId() (string, error)
	GetTxInfo(txId string) protogo.Response
	GetTxTimeStamp() (string, error)

	// EmitEvent: at most 16 data.
	EmitEvent(topic string, data []string)

	// Deprecated: Log is Infof.
	Log(message string)
	Debugf(format string, a ...interface{})
	Infof(format string, a ...interface{})
	Warnf(format string, a ...interface{})
	Errorf(format string, a ...interface{})

	// CallContract calls another contract in the same transaction.
	CallContract(contractName, method string, args map[string][]byte) protogo.Response

	// NewIterator walks over [startKey, limitKey).
	NewIterator(startKey string, limitKey string) (ResultSetKV, error)
	// NewIteratorWithField walks over [key#startField, key#limitField).
	NewIteratorWithField(key string, startField string, limitField string) (ResultSetKV, error)
	// NewIteratorPrefixWithKeyField walks over all that begins with key#field.
	NewIteratorPrefixWithKeyField(key string, field string) (ResultSetKV, error)
	// NewIteratorPrefixWithKey walks over all that begins with key.
	NewIteratorPrefixWithKey(key string) (ResultSetKV, error)
	// NewHistoryKvIterForKey walks over all values that an entry ever had.
	NewHistoryKvIterForKey(key, field string) (KeyHistoryKvIter, error)

	// Deprecated: GetSenderAddr is Origin.
	GetSenderAddr() (string, error)
	// Sender is the address of the direct caller: of a contract where one called this one, and of
	// the system contract in InitContract and UpgradeContract. Use Origin there.
	Sender() (string, error)
	// Origin is the address of the person who signed the transaction.
	Origin() (string, error)
	GetContractName() (string, error)
	GetContractAddr() (string, error)
}

// ResultSet walks over what an iterator found.
type ResultSet interface {
	NextRow() (*serialize.EasyCodec, error)
	HasNext() bool
	Close() (bool, error)
}

// ResultSetKV walks over state entries.
type ResultSetKV interface {
	ResultSet
	// Next returns key, field and value.
	Next() (string, string, []byte, error)
}

// KeyHistoryKvIter walks over the history of one entry.
type KeyHistoryKvIter interface {
	ResultSet
	Next() (*KeyModification, error)
}

// KeyModification is one value that an entry had.
type KeyModification struct {
	Key         string
	Field       string
	Value       []byte
	TxId        string
	BlockHeight int
	IsDelete    bool
	Timestamp   string
}
