// Package vm has the messages of reads of many keys at once.
package vm

// BatchKey names one state entry; Value is what GetBatchState found there.
type BatchKey struct {
	Key          string
	Field        string
	Value        []byte
	ContractName string
}

func (k *BatchKey) GetKey() string {
	if k == nil {
		return ""
	}
	return k.Key
}

func (k *BatchKey) GetField() string {
	if k == nil {
		return ""
	}
	return k.Field
}

func (k *BatchKey) GetValue() []byte {
	if k == nil {
		return nil
	}
	return k.Value
}

func (k *BatchKey) GetContractName() string {
	if k == nil {
		return ""
	}
	return k.ContractName
}
