"""A stand-in for a Chang'An Chain node: real gRPC, real mutual TLS, real signatures; one process,
no consensus, a block for each transaction. It says its refusals in the words of ChainMaker 2.3.

What it decides is what docs/real-network.md says that we tested against, and no more than that.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent import futures
from dataclasses import dataclass
from typing import Protocol

import grpc
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec

from chains import certificates, sm
from chains.node import wire_pb2 as wire
from chains.node.members import Signer, signer_of

FAILED = "tx verify failed, verify tx authentation failed, authentication error"
REFINED = "refine endorsements failed, all endorsers have failed verification"
VERSION = "v2.3.7"


@dataclass(frozen=True)
class Outcome:
    ok: bool
    result: bytes = b""
    message: str = ""
    events: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Executor(Protocol):
    """What runs contracts behind the node."""

    def install(
        self, name: str, code: bytes, args: Mapping[str, bytes], who: Signer
    ) -> Outcome: ...

    def call(
        self, name: str, method: str, args: Mapping[str, bytes], who: Signer, *, write: bool
    ) -> Outcome: ...


class Notebook:
    """The least of executors: every contract is a notebook. `save` writes a key once and says so
    in an event, `find` reads it."""

    def __init__(self) -> None:
        self.pages: dict[tuple[str, str], bytes] = {}

    def install(self, name: str, code: bytes, args: Mapping[str, bytes], who: Signer) -> Outcome:
        if not code.startswith(b"\0asm"):
            return Outcome(ok=False, message="not a module")
        return Outcome(ok=True, result=b"init_contract ok")

    def call(
        self, name: str, method: str, args: Mapping[str, bytes], who: Signer, *, write: bool
    ) -> Outcome:
        key = args.get("key", b"").decode()
        if method == "find":
            return Outcome(ok=True, result=self.pages.get((name, key), b""))
        if method == "save":
            if (name, key) in self.pages:
                return Outcome(ok=False, message=f"authentication failed for {key}: taken")
            if write:
                self.pages[name, key] = args["value"]
            return Outcome(ok=True, result=b"ok", events=(("saved", (key, who.organisation)),))
        return Outcome(ok=False, message=f"method {method} not exist")


class Standin:
    """Hold `lock` to look into it. `held` keeps transactions in the pool until `commit`."""

    def __init__(
        self, authorities: Mapping[str, bytes], executor: Executor, chain: str = "chain1"
    ) -> None:
        self.authorities = authorities
        self.executor = executor
        self.chain = chain
        self.lock = threading.Condition(threading.RLock())
        self.blocks: list[wire.Block] = []
        self.pool: list[wire.TxRequest] = []
        self.contracts: dict[str, dict[str, object]] = {}
        self.held = False
        self.slow_seconds = 0.0
        self.asked_for: list[str] = []
        """Ids that GET_TX_BY_TX_ID was asked for."""
        self.subscribers = 0
        self.endless = False
        """Keeps a subscription open behind its last block, as real nodes do until the next one."""
        self.ranges: list[tuple[int, int]] = []
        """First and last block of each subscription."""
        self.tampered: Callable[[wire.Transaction], None] | None = None
        """Changes a transaction before the node tells it: a node that lies."""
        self.server: grpc.Server | None = None
        self.add_block([])

    # --- being a server ---

    def serve(self, credentials: grpc.ServerCredentials | None, port: int = 0) -> int:
        server = grpc.server(
            futures.ThreadPoolExecutor(8),
            options=[("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", 32 << 20)],
        )
        server.add_generic_rpc_handlers((self.handlers(),))
        address = f"127.0.0.1:{port}"
        bound = (
            server.add_insecure_port(address)
            if credentials is None
            else server.add_secure_port(address, credentials)
        )
        server.start()
        self.server = server
        return bound

    def stop(self) -> None:
        if self.server is not None:
            self.server.stop(0).wait()
            self.server = None

    def handlers(self) -> grpc.GenericRpcHandler:
        return grpc.method_handlers_generic_handler(
            "api.RpcNode",
            {
                "SendRequest": grpc.unary_unary_rpc_method_handler(
                    self.send_request,
                    request_deserializer=wire.TxRequest.FromString,
                    response_serializer=wire.TxResponse.SerializeToString,
                ),
                "Subscribe": grpc.unary_stream_rpc_method_handler(
                    self.subscribe,
                    request_deserializer=wire.TxRequest.FromString,
                    response_serializer=wire.SubscribeResult.SerializeToString,
                ),
                "GetChainMakerVersion": grpc.unary_unary_rpc_method_handler(
                    lambda request, context: wire.ChainMakerVersionResponse(version=VERSION),
                    request_deserializer=wire.ChainMakerVersionRequest.FromString,
                    response_serializer=wire.ChainMakerVersionResponse.SerializeToString,
                ),
            },
        )

    # --- who ---

    def authenticated(self, entry: wire.EndorsementEntry, message: bytes) -> Signer:
        """Whoever signed. Raises `PermissionError`."""
        authority = self.authorities.get(entry.signer.org_id)
        if authority is None:
            raise PermissionError("unknown organisation")
        signer = signer_of(entry.signer.member_info)
        if signer.organisation != entry.signer.org_id:
            raise PermissionError("the certificate is of another organisation")
        try:
            if self.is_sm2(authority):
                self.check_sm2(entry, message, authority)
            else:
                self.check_ecdsa(entry, message, authority)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise PermissionError(f"{type(error).__name__} {error}") from error
        return signer

    @staticmethod
    def is_sm2(authority: bytes) -> bool:
        try:
            certificates.read(certificates.from_pem("CERTIFICATE", authority.decode()))
        except ValueError:
            return False
        return True

    @staticmethod
    def check_ecdsa(entry: wire.EndorsementEntry, message: bytes, authority: bytes) -> None:
        certificate = x509.load_pem_x509_certificate(entry.signer.member_info)
        certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(authority))
        if not (
            certificate.not_valid_before_utc.timestamp()
            <= time.time()
            <= certificate.not_valid_after_utc.timestamp()
        ):
            raise PermissionError("x509: certificate has expired or is not yet valid")
        key, algorithm = certificate.public_key(), certificate.signature_hash_algorithm
        assert isinstance(key, ec.EllipticCurvePublicKey)
        assert algorithm is not None
        key.verify(entry.signature, message, ec.ECDSA(algorithm))

    @staticmethod
    def check_sm2(entry: wire.EndorsementEntry, message: bytes, authority: bytes) -> None:
        issuer, subject = (
            certificates.read(certificates.from_pem("CERTIFICATE", pem.decode()))
            for pem in (authority, entry.signer.member_info)
        )
        if not sm.verify(issuer.public_key, subject.signed, subject.signature):
            raise PermissionError("not issued by the organisation's authority")
        if not subject.not_before <= time.time() <= subject.not_after:
            raise PermissionError("x509: certificate has expired or is not yet valid")
        if not sm.verify(subject.public_key, message, entry.signature):
            raise PermissionError("invalid signature")

    def refusal(self, request: wire.TxRequest) -> str:
        """Why this request is not even looked at, or ""."""
        message = request.payload.SerializeToString()
        if request.payload.chain_id != self.chain:
            return f"tx verify failed, chain id [{request.payload.chain_id}] is incorrect"
        try:
            self.authenticated(request.sender, message)
        except PermissionError as error:
            return f"{FAILED}: authentication failed, [{REFINED}: {error}]"
        if request.payload.method != "INIT_CONTRACT":
            return ""
        organisations = set()
        for endorser in request.endorsers:
            try:
                signer = self.authenticated(endorser, message)
            except PermissionError:
                continue
            if signer.role == "admin":
                organisations.add(signer.organisation)
        if len(organisations) * 2 > len(self.authorities):
            return ""
        return (
            f"{FAILED}: authentication fail: not enough participants support this action: "
            f"{len(self.authorities) // 2 + 1} valid endorsements required, "
            f"{len(organisations)} valid endorsements received"
        )

    # --- transactions ---

    def send_request(self, request: wire.TxRequest, context: object) -> wire.TxResponse:
        payload = request.payload
        answer = wire.TxResponse(tx_id=payload.tx_id, code=wire.INTERNAL_ERROR)
        time.sleep(self.slow_seconds)
        with self.lock:
            if refusal := self.refusal(request):
                answer.message = refusal
                return answer
            if payload.tx_type == wire.QUERY_CONTRACT:
                return self.query(payload, signer_of(request.sender.signer.member_info))
            if payload.tx_id in {pooled.payload.tx_id for pooled in self.pool}:
                answer.message = f"Add tx failed, TxId exist, txId:{payload.tx_id}"
                return answer
            if self.found(payload.tx_id) is not None:
                answer.message = f"Add tx failed, TxId exist in DB, txId:{payload.tx_id}"
                return answer
            self.pool.append(request)
            if not self.held:
                self.commit()
        answer.code, answer.message = wire.SUCCESS, "OK"
        return answer

    def commit(self) -> None:
        with self.lock:
            for request in self.pool:
                self.add_block([self.executed(request)])
            self.pool.clear()

    def executed(self, request: wire.TxRequest) -> wire.Transaction:
        payload = request.payload
        who = signer_of(request.sender.signer.member_info)
        args = {pair.key: pair.value for pair in payload.parameters}
        if payload.contract_name == "CONTRACT_MANAGE":
            outcome = self.installed(args, who)
        elif payload.contract_name not in self.contracts:
            outcome = Outcome(ok=False, message="contract not exist")
        else:
            outcome = self.executor.call(
                payload.contract_name, payload.method, args, who, write=True
            )
        return wire.Transaction(
            payload=payload,
            sender=request.sender,
            endorsers=request.endorsers,
            result=wire.Result(
                code=wire.SUCCESS if outcome.ok else wire.CONTRACT_FAIL,
                contract_result=self.result_of(outcome, payload),
            ),
        )

    def installed(self, args: Mapping[str, bytes], who: Signer) -> Outcome:
        name = args["CONTRACT_NAME"].decode()
        if name in self.contracts:
            return Outcome(ok=False, message="contract exist")
        given = {key: value for key, value in args.items() if not key.startswith("CONTRACT_")}
        outcome = self.executor.install(name, args["CONTRACT_BYTECODE"], given, who)
        if outcome.ok:
            info = base64.b64encode(b"not looked at").decode()
            self.contracts[name] = {
                "name": name,
                "version": args["CONTRACT_VERSION"].decode(),
                "runtime_type": 2,
                "creator": {"org_id": who.organisation, "member_info": info, "role": "CLIENT"},
            }
        return outcome

    def result_of(self, outcome: Outcome, payload: wire.Payload) -> wire.ContractResult:
        return wire.ContractResult(
            code=0 if outcome.ok else 1,
            result=outcome.result,
            message=outcome.message,
            gas_used=7,
            contract_event=[
                wire.ContractEvent(
                    topic=topic,
                    tx_id=payload.tx_id,
                    contract_name=payload.contract_name,
                    contract_version="1.0",
                    event_data=data,
                )
                for topic, data in outcome.events
            ],
        )

    def add_block(self, transactions: list[wire.Transaction]) -> None:
        with self.lock:
            header = wire.BlockHeader(
                block_version=2030700,
                chain_id=self.chain,
                block_height=len(self.blocks),
                pre_block_hash=self.blocks[-1].header.block_hash if self.blocks else b"",
                tx_count=len(transactions),
                tx_root=hashlib.sha256(
                    b"".join(each.SerializeToString() for each in transactions)
                ).digest(),
                block_timestamp=int(time.time()),
            )
            header.block_hash = hashlib.sha256(header.SerializeToString()).digest()
            self.blocks.append(wire.Block(header=header, txs=transactions))
            self.lock.notify_all()

    def found(self, tx_id: str) -> tuple[wire.Block, wire.Transaction] | None:
        for block in self.blocks:
            for transaction in block.txs:
                if transaction.payload.tx_id == tx_id:
                    return block, transaction
        return None

    # --- questions ---

    def query(self, payload: wire.Payload, who: Signer) -> wire.TxResponse:
        args = {pair.key: pair.value for pair in payload.parameters}
        if payload.contract_name in ("CHAIN_QUERY", "CONTRACT_MANAGE"):
            outcome = self.looked_up(payload.method, args)
        elif payload.contract_name not in self.contracts:
            outcome = Outcome(ok=False, message="contract not exist")
        else:
            outcome = self.executor.call(
                payload.contract_name, payload.method, args, who, write=False
            )
        if outcome.ok:
            code, message = wire.SUCCESS, "SUCCESS"
        else:
            code = wire.CONTRACT_FAIL
            message = f"txStatusCode:4, resultCode:1, method[{payload.method}], {outcome.message}"
        return wire.TxResponse(
            code=code,
            message=message,
            contract_result=self.result_of(outcome, payload),
            tx_id=payload.tx_id,
        )

    def looked_up(self, method: str, args: Mapping[str, bytes]) -> Outcome:
        if method == "GET_TX_BY_TX_ID":
            tx_id = args["txId"].decode()
            self.asked_for.append(tx_id)
            self.lock.notify_all()
            found = self.found(tx_id)
            if found is None:
                return Outcome(ok=False, message=f"no such transaction, chainId:{self.chain}")
            told = wire.Transaction()
            told.CopyFrom(found[1])
            if self.tampered is not None:
                self.tampered(told)
            info = wire.TransactionInfo(
                transaction=told,
                block_height=found[0].header.block_height,
                block_timestamp=found[0].header.block_timestamp,
            )
            return Outcome(ok=True, result=info.SerializeToString())
        if method in ("GET_LAST_BLOCK", "GET_BLOCK_BY_HEIGHT"):
            height = int(args.get("blockHeight", str(len(self.blocks) - 1)))
            if height >= len(self.blocks):
                return Outcome(ok=False, message=f"no such block, chainId:{self.chain}")
            return Outcome(
                ok=True, result=wire.BlockInfo(block=self.blocks[height]).SerializeToString()
            )
        if method == "GET_CONTRACT_INFO":
            described = self.contracts.get(args["CONTRACT_NAME"].decode())
            if described is None:
                return Outcome(ok=False, message="contract not exist")
            return Outcome(ok=True, result=json.dumps(described).encode())
        return Outcome(ok=False, message=f"method {method} unknown")

    def subscribe(
        self, request: wire.TxRequest, context: grpc.ServicerContext
    ) -> Iterator[wire.SubscribeResult]:
        if refusal := self.refusal(request):
            context.abort(grpc.StatusCode.UNAUTHENTICATED, refusal)
        args = {pair.key: pair.value for pair in request.payload.parameters}
        first, last = (struct.unpack("<q", args[key])[0] for key in ("START_BLOCK", "END_BLOCK"))
        with self.lock:
            height = len(self.blocks) if first == -1 else first
            self.subscribers += 1
            self.ranges.append((first, last))
            self.lock.notify_all()
        while context.is_active() and (self.endless or last == -1 or height <= last):
            with self.lock:
                if height >= len(self.blocks):
                    self.lock.wait(timeout=0.1)
                block = self.blocks[height] if height < len(self.blocks) else None
            if block is not None:
                yield self.told(block, args["CONTRACT_NAME"].decode(), args["TOPIC"].decode())
                height += 1

    def told(self, block: wire.Block, contract: str, topic: str) -> wire.SubscribeResult:
        header = block.header
        found = [
            wire.ContractEventInfo(
                block_height=header.block_height,
                chain_id=self.chain,
                topic=event.topic,
                tx_id=transaction.payload.tx_id,
                event_index=index,
                contract_name=event.contract_name,
                contract_version=event.contract_version,
                event_data=event.event_data,
            )
            for transaction in block.txs
            for index, event in enumerate(transaction.result.contract_result.contract_event)
            if event.contract_name == contract and topic in ("", event.topic)
        ]
        if not found:
            found = [wire.ContractEventInfo(block_height=header.block_height, chain_id=self.chain)]
        return wire.SubscribeResult(
            data=wire.ContractEventInfoList(contract_events=found).SerializeToString()
        )
