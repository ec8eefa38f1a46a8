using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace OrleansCache.LocalClusters;

/// <summary>
/// The way from one host to another. The router's thread uses it; every thread may change its properties and read its counts.
/// </summary>
internal sealed class NetworkWay
{
    private static readonly int Kinds = Enum.GetValues<NetworkTraffic>().Length;

    private readonly Queue<(long Due, byte[] Packet, int Length)> _packets = [];
    private readonly long[] _counts = new long[Kinds];
    private readonly long[] _bytes = new long[Kinds];
    private long _delay;
    private long _jitter;
    private double _loss;
    private long _last;

    /// <summary>How long each packet takes.</summary>
    public TimeSpan Length
    {
        get => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _delay));
        set => Volatile.Write(ref _delay, Ticks(value));
    }

    /// <summary>How much longer a packet takes at most.</summary>
    public TimeSpan Jitter
    {
        set => Volatile.Write(ref _jitter, Ticks(value));
    }

    /// <summary>The share of packets that are lost, from 0 to 1.</summary>
    public double Loss
    {
        get => Volatile.Read(ref _loss);
        set => Volatile.Write(ref _loss, value);
    }

    /// <summary>Whether all packets are lost.</summary>
    public bool IsCut { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>The delay of the next packet in ticks of the stopwatch.</summary>
    public long Delay(Random random) => Volatile.Read(ref _delay) + (long)(random.NextDouble() * Volatile.Read(ref _jitter));

    public void Keep(byte[] packet, int length, long due) => _packets.Enqueue((_last = Math.Max(due, _last), packet, length));

    /// <summary>Takes the first packet if it is due.</summary>
    /// <param name="now">The time.</param>
    /// <param name="next">Is lowered to the time at which the first packet is due, if it is not yet.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="length">Its length.</param>
    public bool TryTake(long now, ref long next, [NotNullWhen(true)] out byte[]? packet, out int length)
    {
        (packet, length) = (null, 0);
        if (!_packets.TryPeek(out var first))
            return false;
        if (first.Due > now)
        {
            next = Math.Min(next, first.Due);
            return false;
        }

        _packets.Dequeue();
        (packet, length) = (first.Packet, first.Length);
        return true;
    }

    /// <summary>Counts a packet with data that was sent, whether it arrives or not.</summary>
    public void Count(NetworkTraffic kind, int bytes)
    {
        Volatile.Write(ref _counts[(int)kind], _counts[(int)kind] + 1);
        Volatile.Write(ref _bytes[(int)kind], _bytes[(int)kind] + bytes);
    }

    /// <summary>The packets with data so far, and their bytes.</summary>
    public (long Packets, long Bytes) Counted(NetworkTraffic kind) =>
        (Volatile.Read(ref _counts[(int)kind]), Volatile.Read(ref _bytes[(int)kind]));

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
