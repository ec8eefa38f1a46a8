using OrleansCache.Model.Rules;
using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

/// <summary>The moves out of one world, with the worlds that they lead to. One buffer serves a whole exploration.</summary>
internal sealed class Moves
{
    private const int Most = 96;
    private readonly World[] _worlds = new World[Most];
    private readonly ushort[] _codes = new ushort[Most];
    private readonly Guarantee[] _broken = new Guarantee[Most];

    public int Count { get; private set; }

    public ref World World(int index) => ref _worlds[index];

    public ushort Code(int index) => _codes[index];

    public Guarantee Broken(int index) => _broken[index];

    /// <summary>The index of the move with this code.</summary>
    public int Find(ushort code) => Array.IndexOf(_codes, code, 0, Count);

    public void Clear() => Count = 0;

    /// <summary>A copy of <paramref name="from"/> to modify; it is added only by <see cref="Keep"/>.</summary>
    public ref World Next(in World from)
    {
        _worlds[Count] = from;
        return ref _worlds[Count];
    }

    public void Keep(Move move, Guarantee broken)
    {
        _codes[Count] = move.Code;
        _broken[Count] = broken;
        Count++;
    }
}
