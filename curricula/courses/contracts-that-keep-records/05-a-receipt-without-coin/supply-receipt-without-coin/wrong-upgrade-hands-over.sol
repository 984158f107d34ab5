// misconception: upgrade-starts-anew
// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

contract Receipt {
    enum Role { None, Buyer, Carrier, Receiver }
    enum State { None, Issued, Delivered, Accepted, Disputed, Settled }

    struct Supply {
        bytes32 goods;
        address buyer;
        uint64 amount;
        address carrier;
        address receiver;
        State state;
    }

    error NotPermitted();
    error NoGoods();
    error BadAmount();
    error WrongParty();
    error AlreadyIssued();
    error UnknownOrder();
    error WrongState(State current);
    error GoodsDiffer();
    error NoReason();
    error NoReference();
    error ReferenceUsed();

    event Registered(address indexed who, Role role);
    event Issued(bytes32 indexed order, bytes32 goods, address buyer, uint256 amount);
    event Delivered(bytes32 indexed order, address carrier);
    event Accepted(bytes32 indexed order, uint256 amount);
    event Disputed(bytes32 indexed order, bytes32 reason);
    event Settled(bytes32 indexed order, bytes32 bankReference);

    uint256 private constant MOST = 1_000_000_000_000;

    address private registrar;
    address private supplier;
    mapping(address => Role) public roleOf;
    mapping(bytes32 => Supply) private supplies;
    mapping(address => uint256) public owed;
    mapping(bytes32 => bool) private used;

    modifier only(Role role) {
        if (roleOf[msg.sender] != role) revert NotPermitted();
        _;
    }

    /// Runs at every upgrade again: whoever is there stays.
    constructor(address supplier_) {
        registrar = msg.sender;
        supplier = supplier_;
    }

    function register(address who, Role role) public {
        if (msg.sender != registrar) revert NotPermitted();
        roleOf[who] = role;
        emit Registered(who, role);
    }

    function registerContract(string calldata name, Role role) external returns (address who) {
        who = address(uint160(uint256(keccak256(bytes(name)))));
        register(who, role);
    }

    function issue(bytes32 order, bytes32 goods, address carrier, address receiver, uint256 amount)
        external
        only(Role.Buyer)
    {
        if (goods == bytes32(0)) revert NoGoods();
        if (amount == 0 || amount > MOST) revert BadAmount();
        if (roleOf[carrier] != Role.Carrier || roleOf[receiver] != Role.Receiver) revert WrongParty();
        if (supplies[order].state != State.None) revert AlreadyIssued();
        supplies[order] = Supply(goods, msg.sender, uint64(amount), carrier, receiver, State.Issued);
        emit Issued(order, goods, msg.sender, amount);
    }

    function confirmDelivery(bytes32 order, bytes32 goods) external only(Role.Carrier) {
        Supply storage supply = found(order);
        if (msg.sender != supply.carrier) revert NotPermitted();
        if (supply.state != State.Issued) revert WrongState(supply.state);
        if (goods != supply.goods) revert GoodsDiffer();
        supply.state = State.Delivered;
        emit Delivered(order, msg.sender);
    }

    function accept(bytes32 order) external only(Role.Receiver) {
        Supply storage supply = delivered(order);
        supply.state = State.Accepted;
        owed[supply.buyer] += supply.amount;
        emit Accepted(order, supply.amount);
    }

    function dispute(bytes32 order, bytes32 reason) external only(Role.Receiver) {
        Supply storage supply = delivered(order);
        if (reason == bytes32(0)) revert NoReason();
        supply.state = State.Disputed;
        emit Disputed(order, reason);
    }

    function settle(bytes32 order, bytes32 bankReference) external {
        if (msg.sender != supplier) revert NotPermitted();
        Supply storage supply = found(order);
        if (supply.state != State.Accepted) revert WrongState(supply.state);
        if (bankReference == bytes32(0)) revert NoReference();
        if (used[bankReference]) revert ReferenceUsed();
        used[bankReference] = true;
        supply.state = State.Settled;
        owed[supply.buyer] -= supply.amount;
        emit Settled(order, bankReference);
    }

    function stateOf(bytes32 order) external view returns (State) {
        return supplies[order].state;
    }

    function found(bytes32 order) private view returns (Supply storage supply) {
        supply = supplies[order];
        if (supply.state == State.None) revert UnknownOrder();
    }

    function delivered(bytes32 order) private view returns (Supply storage supply) {
        supply = found(order);
        if (msg.sender != supply.receiver) revert NotPermitted();
        if (supply.state != State.Delivered) revert WrongState(supply.state);
    }
}
