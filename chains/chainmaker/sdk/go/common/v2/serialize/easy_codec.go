// Package serialize has EasyCodec, the encoding of parameters between a chain and its contracts:
// "cmec" "v1.0", eight bytes 0xff, the number of items, and of each item the kind of its key, the
// key with its length, the kind of its value and the value with its length; all numbers are
// little-endian and 32 bits wide.
package serialize

import (
	"errors"
	"slices"
	"strconv"
)

type EasyKeyType int32

type EasyValueType int32

const (
	EasyKeyType_SYSTEM EasyKeyType = 0
	EasyKeyType_USER   EasyKeyType = 1

	EasyValueType_INT32  EasyValueType = 0
	EasyValueType_STRING EasyValueType = 1
	EasyValueType_BYTES  EasyValueType = 2

	MAX_KEY_COUNT    = 128
	MAX_KEY_LEN      = 64
	MIN_LEN          = 20
	EasyCodecVersion = "v1.0"
	prefix           = "cmec" + EasyCodecVersion + "\xff\xff\xff\xff\xff\xff\xff\xff"
)

var errFormat = errors.New("not EasyCodec")

// EasyCodecItem is one pair. Value is an int32, a string or a []byte, as ValueType says.
type EasyCodecItem struct {
	KeyType   EasyKeyType
	Key       string
	ValueType EasyValueType
	Value     interface{}
}

// EasyCodec is a list of pairs in the order in which they were added.
type EasyCodec struct {
	items []*EasyCodecItem
}

func NewEasyCodec() *EasyCodec { return &EasyCodec{} }

// NewEasyCodecWithMap holds the pairs sorted by key, so that the same map gives the same bytes.
func NewEasyCodecWithMap(value map[string][]byte) *EasyCodec {
	keys := make([]string, 0, len(value))
	for key := range value {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	codec := NewEasyCodec()
	for _, key := range keys {
		codec.AddBytes(key, value[key])
	}
	return codec
}

func NewEasyCodecWithItems(items []*EasyCodecItem) *EasyCodec { return &EasyCodec{items} }

// NewEasyCodecWithBytes holds nothing when the bytes are not EasyCodec.
func NewEasyCodecWithBytes(value []byte) *EasyCodec {
	return &EasyCodec{EasyUnmarshal(value)}
}

func (e *EasyCodec) AddInt32(key string, value int32) {
	e.AddValue(EasyKeyType_USER, key, EasyValueType_INT32, value)
}

func (e *EasyCodec) AddString(key string, value string) {
	e.AddValue(EasyKeyType_USER, key, EasyValueType_STRING, value)
}

func (e *EasyCodec) AddBytes(key string, value []byte) {
	e.AddValue(EasyKeyType_USER, key, EasyValueType_BYTES, value)
}

func (e *EasyCodec) AddMap(value map[string][]byte) {
	e.items = append(e.items, NewEasyCodecWithMap(value).items...)
}

func (e *EasyCodec) AddValue(
	keyType EasyKeyType, key string, valueType EasyValueType, value interface{},
) {
	e.items = append(e.items, &EasyCodecItem{keyType, key, valueType, value})
}

func (e *EasyCodec) AddItem(item *EasyCodecItem) { e.items = append(e.items, item) }

func (e *EasyCodec) RemoveKey(key string) {
	for i, item := range e.items {
		if item.Key == key {
			e.items = append(e.items[:i:i], e.items[i+1:]...)
			return
		}
	}
}

func (e *EasyCodec) GetItems() []*EasyCodecItem { return e.items }

func (e *EasyCodec) GetItem(key string, keyType EasyKeyType) (*EasyCodecItem, error) {
	for _, item := range e.items {
		if item.Key == key && item.KeyType == keyType {
			return item, nil
		}
	}
	return nil, errors.New("not found key: " + key)
}

func (e *EasyCodec) GetInt32(key string) (int32, error) {
	item, err := e.GetItem(key, EasyKeyType_USER)
	if err != nil {
		return 0, err
	}
	if value, ok := item.Value.(int32); ok {
		return value, nil
	}
	return 0, errors.New("not an int32: " + key)
}

func (e *EasyCodec) GetString(key string) (string, error) {
	item, err := e.GetItem(key, EasyKeyType_USER)
	if err != nil {
		return "", err
	}
	if value, ok := item.Value.(string); ok {
		return value, nil
	}
	return "", errors.New("not a string: " + key)
}

func (e *EasyCodec) GetBytes(key string) ([]byte, error) {
	item, err := e.GetItem(key, EasyKeyType_USER)
	if err != nil {
		return nil, err
	}
	if value, ok := item.Value.([]byte); ok {
		return value, nil
	}
	return nil, errors.New("not bytes: " + key)
}

// ToMap has every value as bytes; an int32 as its decimal digits.
func (e *EasyCodec) ToMap() map[string][]byte {
	pairs := make(map[string][]byte, len(e.items))
	for _, item := range e.items {
		if number, ok := item.Value.(int32); ok {
			pairs[item.Key] = strconv.AppendInt(nil, int64(number), 10)
		} else {
			pairs[item.Key] = item.bytes()
		}
	}
	return pairs
}

func (e *EasyCodec) Marshal() []byte { return EasyMarshal(e.items) }

func (i *EasyCodecItem) bytes() []byte {
	switch value := i.Value.(type) {
	case int32:
		return appendUint32(nil, uint32(value))
	case string:
		return []byte(value)
	case []byte:
		return value
	}
	return nil
}

func EasyMarshal(items []*EasyCodecItem) []byte {
	out := appendUint32([]byte(prefix), uint32(len(items)))
	for _, item := range items {
		value := item.bytes()
		out = appendUint32(out, uint32(item.KeyType))
		out = appendUint32(out, uint32(len(item.Key)))
		out = append(out, item.Key...)
		out = appendUint32(out, uint32(item.ValueType))
		out = appendUint32(out, uint32(len(value)))
		out = append(out, value...)
	}
	return out
}

// EasyUnmarshal returns nothing when the bytes are not EasyCodec.
func EasyUnmarshal(data []byte) []*EasyCodecItem {
	items, err := unmarshal(data)
	if err != nil {
		return nil
	}
	return items
}

func unmarshal(data []byte) ([]*EasyCodecItem, error) {
	if len(data) < MIN_LEN || string(data[:len(prefix)]) != prefix {
		return nil, errFormat
	}
	count := uint32Of(data[len(prefix):])
	if count > MAX_KEY_COUNT {
		return nil, errFormat
	}
	rest := data[MIN_LEN:]
	items := make([]*EasyCodecItem, 0, count)
	for ; count > 0; count-- {
		keyType, key, after, err := field(rest)
		if err != nil {
			return nil, err
		}
		valueType, value, after, err := field(after)
		if err != nil {
			return nil, err
		}
		item := &EasyCodecItem{EasyKeyType(keyType), string(key), EasyValueType(valueType), value}
		switch item.ValueType {
		case EasyValueType_INT32:
			if len(value) != 4 {
				return nil, errFormat
			}
			item.Value = int32(uint32Of(value))
		case EasyValueType_STRING:
			item.Value = string(value)
		}
		items = append(items, item)
		rest = after
	}
	return items, nil
}

// field reads a kind, a length and as many bytes, which are copied.
func field(data []byte) (kind uint32, content []byte, rest []byte, err error) {
	if len(data) < 8 {
		return 0, nil, nil, errFormat
	}
	kind = uint32Of(data)
	length := uint32Of(data[4:])
	if uint64(length) > uint64(len(data)-8) {
		return 0, nil, nil, errFormat
	}
	end := 8 + int(length)
	return kind, append([]byte{}, data[8:end]...), data[end:], nil
}

// What encoding/binary has for this brings `reflect` with it.

func appendUint32(to []byte, number uint32) []byte {
	return append(to, byte(number), byte(number>>8), byte(number>>16), byte(number>>24))
}

func uint32Of(data []byte) uint32 {
	return uint32(data[0]) | uint32(data[1])<<8 | uint32(data[2])<<16 | uint32(data[3])<<24
}
