package sdk

import (
	"chainmaker.org/chainmaker/common/v2/serialize"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/internal/chain"
)

func open(startKey, startField, limitKey, limitField string) (ResultSetKV, error) {
	body := serialize.NewEasyCodec()
	body.AddString("start_key", startKey)
	body.AddString("start_field", startField)
	body.AddString("limit_key", limitKey)
	body.AddString("limit_field", limitField)
	return entries("KvIterator", body)
}

func entries(method string, body *serialize.EasyCodec) (ResultSetKV, error) {
	index, err := chain.Number(method, body)
	if err != nil {
		return nil, err
	}
	return &kvSet{rows{"KvIterator", "rs_index", index}}, nil
}

func (instance) NewIterator(startKey string, limitKey string) (ResultSetKV, error) {
	return open(startKey, "", limitKey, "")
}

func (instance) NewIteratorWithField(
	key string, startField string, limitField string,
) (ResultSetKV, error) {
	return open(key, startField, key, limitField)
}

func (instance) NewIteratorPrefixWithKeyField(key string, field string) (ResultSetKV, error) {
	body := serialize.NewEasyCodec()
	body.AddString("start_key", key)
	body.AddString("start_field", field)
	return entries("KvPreIterator", body)
}

func (i instance) NewIteratorPrefixWithKey(key string) (ResultSetKV, error) {
	return i.NewIteratorPrefixWithKeyField(key, "")
}

func (instance) NewHistoryKvIterForKey(key, field string) (KeyHistoryKvIter, error) {
	body := serialize.NewEasyCodec()
	body.AddString("start_key", key)
	body.AddString("start_field", field)
	index, err := chain.Number("HistoryKvIterator", body)
	if err != nil {
		return nil, err
	}
	return &history{rows{"HistoryKvIter", "ks_index", index}, key, field}, nil
}

// rows are what the chain holds open for an iterator.
type rows struct {
	family string
	name   string
	index  int32
}

func (r rows) body() *serialize.EasyCodec {
	body := serialize.NewEasyCodec()
	body.AddInt32(r.name, r.index)
	return body
}

func (r rows) HasNext() bool {
	more, err := chain.Number(r.family+"HasNext", r.body())
	return err == nil && more != 0
}

func (r rows) NextRow() (*serialize.EasyCodec, error) {
	row, err := chain.Bytes(r.family+"Next", r.family+"NextLen", r.body())
	if err != nil {
		return nil, err
	}
	return serialize.NewEasyCodecWithBytes(row), nil
}

func (r rows) Close() (bool, error) {
	closed, err := chain.Number(r.family+"Close", r.body())
	return err == nil && closed != 0, err
}

type kvSet struct{ rows }

func (s *kvSet) Next() (string, string, []byte, error) {
	row, err := s.NextRow()
	if err != nil {
		return "", "", nil, err
	}
	key, err := row.GetString("key")
	if err != nil {
		return "", "", nil, err
	}
	field, _ := row.GetString("field")
	value, _ := row.GetBytes("value")
	return key, field, value, nil
}

type history struct {
	rows
	key   string
	field string
}

func (h *history) Next() (*KeyModification, error) {
	row, err := h.NextRow()
	if err != nil {
		return nil, err
	}
	value, _ := row.GetBytes("value")
	txID, _ := row.GetString("txId")
	height, _ := row.GetInt32("blockHeight")
	deleted, _ := row.GetInt32("isDelete")
	timestamp, _ := row.GetString("timestamp")
	return &KeyModification{
		Key: h.key, Field: h.field, Value: value, TxId: txID,
		BlockHeight: int(height), IsDelete: deleted == 1, Timestamp: timestamp,
	}, nil
}
