using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace OrleansCache.Model.State;

/// <summary>
/// One state of the model. Every field is below 16, so a world is packed into <see cref="PackedWords"/> words of 64 bits. All durations are
/// ages or remainders of at most one lease, so unbounded time needs finitely many worlds.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1, Size = 8 * 2 * PackedWords)]
internal struct World
{
    public const int PackedWords = 10;

    public Catalog Catalog;
    public Pair<Edit> Edits;
    public Pair<Owner> Owners;
    public Pair<Silo> Silos;
    public Client Client;

    /// <summary>
    /// What every lookup that starts now must see: the newest version that was acknowledged to an author or seen by a completed lookup.
    /// </summary>
    public byte Floor;

    /// <summary>The clocks that have used their allowance of one slow tick. Bits 0 and 1: the silos; bit 2: the client.</summary>
    public byte SlowClocks;

    public byte UnknownOutcomes;
    public byte Repeats;
    public byte OwnerChanges;
    public byte SiloCrashes;
    public byte Farewells;
    public byte Recalls;
    public byte FeedBreaks;
    public byte Releases;
    public byte RepeatedRevokes;

    /// <summary>Ticks during which a silo counts as having left within the last lease.</summary>
    public byte SiloLeft;

    private const ulong LowHalves = 0x0F0F_0F0F_0F0F_0F0F;

    public readonly void Pack(Span<ulong> packed)
    {
        var words = MemoryMarshal.Cast<World, ulong>(MemoryMarshal.CreateReadOnlySpan(in this, 1));
        for (var i = 0; i < PackedWords; i++)
            packed[i] = Narrow(words[2 * i]) | Narrow(words[2 * i + 1]) << 32;
    }

    public static void Unpack(ReadOnlySpan<ulong> packed, out World world)
    {
        world = default;
        var words = MemoryMarshal.Cast<World, ulong>(MemoryMarshal.CreateSpan(ref world, 1));
        for (var i = 0; i < PackedWords; i++)
        {
            words[2 * i] = Widen(packed[i] & uint.MaxValue);
            words[2 * i + 1] = Widen(packed[i] >> 32);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Narrow(ulong bytes)
    {
        if (Bmi2.X64.IsSupported)
            return Bmi2.X64.ParallelBitExtract(bytes, LowHalves);
        bytes = (bytes | bytes >> 4) & 0x00FF_00FF_00FF_00FF;
        bytes = (bytes | bytes >> 8) & 0x0000_FFFF_0000_FFFF;
        return (bytes | bytes >> 16) & uint.MaxValue;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Widen(ulong halves)
    {
        if (Bmi2.X64.IsSupported)
            return Bmi2.X64.ParallelBitDeposit(halves, LowHalves);
        halves = (halves | halves << 16) & 0x0000_FFFF_0000_FFFF;
        halves = (halves | halves << 8) & 0x00FF_00FF_00FF_00FF;
        return (halves | halves << 4) & LowHalves;
    }
}
