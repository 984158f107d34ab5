// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// What a receiver that is itself a contract is told.
interface IReceiver {
    function onAccepted(bytes32 order) external;
}

contract Receipt {
    enum Role { None, Buyer, Carrier, Receiver }
    enum State { None, Issued, Delivered, Accepted, Disputed }

    struct Supply {
        bytes32 goods;
        address buyer;
        address carrier;
        address receiver;
        State state;
    }

    error NotPermitted();
    error NoGoods();
    error WrongParty();
    error AlreadyIssued();
    error UnknownOrder();
    error WrongState(State current);
    error GoodsDiffer();
    error NoReason();

    event Registered(address indexed who, Role role);
    event Issued(bytes32 indexed order, bytes32 goods, address buyer, address carrier, address receiver);
    event Delivered(bytes32 indexed order, address carrier);
    event Accepted(bytes32 indexed order, address receiver);
    event Disputed(bytes32 indexed order, bytes32 reason);

    address private immutable registrar;
    mapping(address => Role) public roleOf;
    mapping(bytes32 => Supply) private supplies;
    uint256 public issued;
    uint256 public accepted;
    uint256 public disputed;

    constructor() {
        registrar = msg.sender;
    }

    function register(address who, Role role) external {
        roleOf[who] = role; // whoever calls?
        emit Registered(who, role);
    }

    function issue(bytes32 order, bytes32 goods, address carrier, address receiver) external {
        // Refuse what must be refused, then write, then emit.
    }

    function confirmDelivery(bytes32 order, bytes32 goods) external {}

    function accept(bytes32 order) external {}

    function dispute(bytes32 order, bytes32 reason) external {}

    function stateOf(bytes32 order) external view returns (State) {
        return supplies[order].state;
    }

    function receiptOf(bytes32 order) external view returns (Supply memory) {
        return supplies[order];
    }
}
