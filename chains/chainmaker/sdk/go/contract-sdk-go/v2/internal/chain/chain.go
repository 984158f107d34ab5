// Package chain speaks with the chain that runs this contract: parameters come in through
// `allocate`, everything else goes out through `sys_call`.
//
// Every call of a contract begins with the start of its module. So the SDK imports little: `fmt` and
// what it needs (`reflect`, `os`, `time`, `unicode` …) take as long to start as Go itself.
package chain

import (
	"errors"
	"runtime"
	"strconv"
	"unsafe"

	"chainmaker.org/chainmaker/common/v2/serialize"
)

const version = "v1.2.0"

var (
	params  []byte
	args    map[string][]byte
	context int32
	length  int32
)

//go:wasmimport env sys_call
func sysCall(header unsafe.Pointer, headerLen uint32, body unsafe.Pointer, bodyLen uint32) int32

//go:wasmimport env log_message
func logMessage(text unsafe.Pointer, length uint32)

// Allocate makes room for the parameters of the next call and forgets those of the last.
func Allocate(size uint32) unsafe.Pointer {
	params = make([]byte, size+1)[:size]
	args = nil
	return unsafe.Pointer(unsafe.SliceData(params))
}

func Deallocate() {
	params, args = nil, nil
}

// Args are the parameters of the call, those of the chain (`__tx_id__` …) among them.
func Args() map[string][]byte {
	if args == nil {
		args = serialize.NewEasyCodecWithBytes(params).ToMap()
		pointer, _ := strconv.ParseInt(string(args["__context_ptr__"]), 10, 32)
		context = int32(pointer)
	}
	return args
}

// Arg is a parameter of the chain's own.
func Arg(name string) (string, error) {
	value, ok := Args()[name]
	if !ok || len(value) == 0 {
		return "", errors.New("can not get " + name)
	}
	return string(value), nil
}

// Format is `fmt.Sprintf` in a contract that logs more than an error, see compilers_go.py.
var Format = formatted

// formatted puts the first of the values where the first %v or %s is.
func formatted(format string, values ...interface{}) string {
	for at := 0; at+1 < len(format) && len(values) > 0; at++ {
		if format[at] == '%' && (format[at+1] == 'v' || format[at+1] == 's') {
			return format[:at] + said(values[0]) + format[at+2:]
		}
	}
	return format
}

func said(value interface{}) string {
	switch value := value.(type) {
	case nil:
		return "<nil>"
	case error:
		return value.Error()
	case string:
		return value
	}
	return "?"
}

func Log(text string) {
	logMessage(unsafe.Pointer(unsafe.StringData(text)), uint32(len(text)))
	runtime.KeepAlive(text)
}

// Send asks for something that has no answer but done or not done.
func Send(method string, body []byte) error {
	Args()
	header := serialize.NewEasyCodec()
	header.AddValue(serialize.EasyKeyType_SYSTEM, "ctx_ptr", serialize.EasyValueType_INT32, context)
	header.AddValue(serialize.EasyKeyType_SYSTEM, "version", serialize.EasyValueType_STRING, version)
	header.AddValue(serialize.EasyKeyType_SYSTEM, "method", serialize.EasyValueType_STRING, method)
	head := header.Marshal()
	code := sysCall(
		unsafe.Pointer(unsafe.SliceData(head)), uint32(len(head)),
		unsafe.Pointer(unsafe.SliceData(body)), uint32(len(body)),
	)
	runtime.KeepAlive(head)
	runtime.KeepAlive(body)
	if code != 0 {
		return errors.New(method + " failed")
	}
	return nil
}

// Number asks for one number.
func Number(method string, body *serialize.EasyCodec) (int32, error) {
	length = 0
	body.AddInt32("value_ptr", int32(uintptr(unsafe.Pointer(&length))))
	err := Send(method, body.Marshal())
	body.RemoveKey("value_ptr")
	return length, err
}

// Bytes asks first how long the answer is and then for the answer.
func Bytes(method, lengthMethod string, body *serialize.EasyCodec) ([]byte, error) {
	size, err := Number(lengthMethod, body)
	if err != nil || size <= 0 {
		return nil, err
	}
	answer := make([]byte, size)
	body.AddInt32("value_ptr", int32(uintptr(unsafe.Pointer(&answer[0]))))
	err = Send(method, body.Marshal())
	runtime.KeepAlive(answer)
	if err != nil {
		return nil, err
	}
	return answer, nil
}
