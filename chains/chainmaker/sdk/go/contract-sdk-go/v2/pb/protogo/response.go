// Package protogo has the message that a contract answers with.
package protogo

// Response of a contract: a status of 0 keeps what the transaction wrote.
type Response struct {
	Status  int32
	Message string
	Payload []byte
}

func (r *Response) GetStatus() int32 {
	if r == nil {
		return 0
	}
	return r.Status
}

func (r *Response) GetMessage() string {
	if r == nil {
		return ""
	}
	return r.Message
}

func (r *Response) GetPayload() []byte {
	if r == nil {
		return nil
	}
	return r.Payload
}
