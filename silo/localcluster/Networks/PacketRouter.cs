using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using Microsoft.Win32.SafeHandles;

namespace OrleansCache.LocalClusters;

/// <summary>
/// Moves packets between hosts, each after the delay of its way. One thread does it all: it reads the hosts' TUN devices, keeps each packet
/// until it is due, and writes it to its target's device. Packets of one way stay in order, so that jitter causes no retransmissions.
/// </summary>
internal sealed class PacketRouter : IDisposable
{
    // The hosts' largest packet is smaller (DistantNetwork.PacketBytes).
    private const int BufferBytes = 2_048;

    // At a round trip of 300 ms: about 100,000 packets a second. Beyond that a packet is lost, as in a router that is overloaded.
    private const int MostPackets = 16_384;

    private const int PacketsPerTurn = 64;
    private const byte Tcp = 6;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly SafeFileHandle[] _devices;
    private readonly Dictionary<uint, int> _hosts = [];
    private readonly NetworkWay[,] _ways;
    private readonly PollDescriptor[] _polled;
    private readonly SafeFileHandle _wakeUp = Libc.OpenEvent();
    private readonly Stack<byte[]> _free = [];
    private readonly Random _random = new();
    private readonly Thread _thread;
    private int _made;
    private volatile bool _ends;

    /// <param name="hosts">The hosts' addresses and devices, which the router disposes of.</param>
    /// <param name="ways">The way from each host to each other one.</param>
    public PacketRouter(IReadOnlyList<(IPAddress Address, SafeFileHandle Device)> hosts, NetworkWay[,] ways)
    {
        _devices = [.. hosts.Select(host => host.Device)];
        for (var i = 0; i < hosts.Count; i++)
            _hosts.Add(BinaryPrimitives.ReadUInt32BigEndian(hosts[i].Address.GetAddressBytes()), i);
        _ways = ways;
        _polled = [.. _devices.Append(_wakeUp).Select(handle => new PollDescriptor((int)handle.DangerousGetHandle(), Libc.PollIn))];
        _thread = new(Run) { IsBackground = true, Name = "packet router" };
        _thread.Start();
    }

    public void Dispose()
    {
        if (_ends)
            return;
        _ends = true;
        Libc.Write(_wakeUp, BitConverter.GetBytes(1L), sizeof(long));
        _thread.Join();
        _wakeUp.Dispose();
        foreach (var device in _devices)
            device.Dispose();
    }

    private void Run()
    {
        // Distances must stay what they are while the hosts' programs use all cores.
        Libc.RaisePriority();
        while (!_ends)
        {
            var next = Deliver();
            var wait = next == long.MaxValue ? LongestWait : Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), next);
            if (wait > TimeSpan.Zero)
                Libc.Poll(_polled, wait < LongestWait ? wait : LongestWait);
            for (var i = 0; i < _devices.Length; i++)
                Receive(i);
        }
    }

    private void Receive(int source)
    {
        for (var i = 0; i < PacketsPerTurn; i++)
        {
            var packet = _free.TryPop(out var used) ? used : new byte[BufferBytes];
            var length = Libc.Read(_devices[source], packet);
            if (length == 0)
            {
                _free.Push(packet);
                return;
            }

            if (TargetOf(packet, length) is not (>= 0 and var target) || target == source || !Take(_ways[source, target], packet, length))
                _free.Push(packet);
        }
    }

    /// <summary>Counts a packet and keeps it until it is due; false if it is lost.</summary>
    private bool Take(NetworkWay way, byte[] packet, int length)
    {
        Count(way, packet);
        if (way.IsCut || _random.NextDouble() < way.Loss || _made >= MostPackets)
            return false;
        way.Keep(packet, length, Stopwatch.GetTimestamp() + way.Delay(_random));
        _made++;
        return true;
    }

    /// <summary>Writes the packets that are due.</summary>
    /// <returns>When the next one will be.</returns>
    private long Deliver()
    {
        var (next, now) = (long.MaxValue, Stopwatch.GetTimestamp());
        for (var source = 0; source < _devices.Length; source++)
        {
            for (var target = 0; target < _devices.Length; target++)
            {
                while (_ways[source, target].TryTake(now, ref next, out var packet, out var length))
                {
                    Libc.Write(_devices[target], packet, length);
                    _free.Push(packet);
                    _made--;
                }
            }
        }

        return next;
    }

    /// <summary>The number of the host with the packet's address; -1 if there is none, or it is not a packet of IPv4.</summary>
    private int TargetOf(byte[] packet, int length) =>
        length >= 20 && packet[0] >> 4 == 4 && _hosts.TryGetValue(BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(16)), out var host)
            ? host
            : -1;

    /// <summary>Only packets with data count: those without, which acknowledge, say nothing about a protocol above TCP.</summary>
    private static void Count(NetworkWay way, byte[] packet)
    {
        var header = (packet[0] & 15) * 4;
        if (packet[9] != Tcp)
            return;
        var data = BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2)) - header - (packet[header + 12] >> 4) * 4;
        if (data > 0)
        {
            var ports = packet.AsSpan(header);
            var (source, target) = (BinaryPrimitives.ReadUInt16BigEndian(ports), BinaryPrimitives.ReadUInt16BigEndian(ports[2..]));
            way.Count(NetworkPorts.KindOf(source, target), data);
        }
    }
}
