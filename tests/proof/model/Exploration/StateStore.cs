using OrleansCache.Model.State;

namespace OrleansCache.Model.Exploration;

/// <summary>
/// Every world that was reached, once, in the order of discovery, with the move that first led to it. Worlds are stored whole, not as
/// hashes, so that a collision cannot hide one.
/// </summary>
internal sealed class StateStore
{
    private const int ChunkBits = 16;
    private const int ChunkSize = 1 << ChunkBits;
    private readonly List<ulong[]> _worlds = [];
    private readonly List<int[]> _parents = [];
    private readonly List<ushort[]> _moves = [];
    private int[] _slots = new int[1 << 20];

    public int Count { get; private set; }

    /// <summary>Whether the world was new.</summary>
    public bool Add(ReadOnlySpan<ulong> world, int parent, ushort move)
    {
        var slot = Hash(world) & (_slots.Length - 1);
        for (; _slots[slot] != 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            if (Words(_slots[slot] - 1).SequenceEqual(world))
                return false;
        }
        if (Count >> ChunkBits == _worlds.Count)
        {
            _worlds.Add(new ulong[ChunkSize * World.PackedWords]);
            _parents.Add(new int[ChunkSize]);
            _moves.Add(new ushort[ChunkSize]);
        }
        _slots[slot] = Count + 1;
        _parents[^1][Count & (ChunkSize - 1)] = parent;
        _moves[^1][Count & (ChunkSize - 1)] = move;
        Count++;
        world.CopyTo(WordsToWrite(Count - 1));
        if (Count > _slots.Length / 2)
            Grow();
        return true;
    }

    public ReadOnlySpan<ulong> Words(int index) => WordsToWrite(index);

    public int Parent(int index) => _parents[index >> ChunkBits][index & (ChunkSize - 1)];

    public ushort Move(int index) => _moves[index >> ChunkBits][index & (ChunkSize - 1)];

    private Span<ulong> WordsToWrite(int index) =>
        _worlds[index >> ChunkBits].AsSpan((index & (ChunkSize - 1)) * World.PackedWords, World.PackedWords);

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        for (var index = 0; index < Count; index++)
        {
            var slot = Hash(Words(index)) & (_slots.Length - 1);
            while (_slots[slot] != 0)
                slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = index + 1;
        }
    }

    private static int Hash(ReadOnlySpan<ulong> world)
    {
        var hash = 0UL;
        foreach (var word in world)
        {
            hash = (hash ^ word) * 0x9E37_79B9_7F4A_7C15;
            hash ^= hash >> 29;
        }
        hash *= 0xBF58_476D_1CE4_E5B9;
        return (int)(hash >> 33);
    }
}
