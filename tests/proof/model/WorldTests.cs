using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OrleansCache.Model.State;

namespace OrleansCache.Model;

/// <summary>Packing a world loses nothing.</summary>
public sealed class WorldTests
{
    [Fact]
    public void A_world_is_unpacked_from_its_packed_form_unchanged()
    {
        Assert.Equal(8 * 2 * World.PackedWords, Unsafe.SizeOf<World>());
        var random = new Random(1);
        Span<ulong> packed = stackalloc ulong[World.PackedWords];
        for (var i = 0; i < 1000; i++)
        {
            var world = default(World);
            var bytes = MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref world, 1));
            foreach (ref var field in bytes)
                field = (byte)random.Next(16);
            world.Pack(packed);
            World.Unpack(packed, out var unpacked);
            Assert.Equal(bytes, MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref unpacked, 1)));
        }
    }
}
