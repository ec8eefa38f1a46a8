using System.Diagnostics;
using OrleansCache.Model.Rules;
using OrleansCache.Model.State;
using OrleansCache.Model.Steps;

namespace OrleansCache.Model.Exploration;

/// <summary>
/// Visits every world that the protocol can reach within its bounds, breadth first, so that the path to the first broken guarantee is a
/// shortest one.
/// </summary>
internal sealed class Exploration
{
    private readonly StateStore _store = new();
    private readonly long[] _taken = new long[Enum.GetValues<Step>().Length];
    private readonly ProtocolRules _rules;
    private readonly Bounds _bounds;
    private int _last;
    private ushort _lastMove;

    private Exploration(ProtocolRules rules, Bounds bounds) => (_rules, _bounds) = (rules, bounds);

    public Guarantee Broken { get; private set; }

    public int States => _store.Count;

    public long Transitions { get; private set; }

    public TimeSpan Took { get; private set; }

    /// <summary>The processor time; other programs on the machine hardly change it.</summary>
    public TimeSpan ProcessorTime { get; private set; }

    /// <summary>False if the limit of states was reached, so that the result proves nothing.</summary>
    public bool Complete { get; private set; }

    /// <param name="rules">The protocol, or one without a rule.</param>
    /// <param name="bounds">What happens at most.</param>
    /// <param name="mostStates">The limit of states.</param>
    /// <param name="forgetful">Whether worlds with the same future count as one: without it there are several times as many.</param>
    public static Exploration Of(ProtocolRules rules, Bounds bounds, int mostStates = 40_000_000, bool forgetful = true)
    {
        var exploration = new Exploration(rules, bounds);
        var watch = Stopwatch.StartNew();
        var processor = Environment.CpuUsage.TotalTime;
        exploration.Run(new Protocol(rules, bounds, forgetful), mostStates);
        exploration.Took = watch.Elapsed;
        exploration.ProcessorTime = Environment.CpuUsage.TotalTime - processor;
        return exploration;
    }

    /// <summary>The number of transitions with this step.</summary>
    public long Taken(Step step) => _taken[(int)step];

    /// <summary>
    /// The moves from the first world to the broken guarantee, with the world after each. Replayed without <c>Forget</c>.
    /// </summary>
    public IReadOnlyList<(Move Move, World World)> Trace()
    {
        var codes = new List<ushort> { _lastMove };
        for (var index = _last; _store.Parent(index) >= 0; index = _store.Parent(index))
            codes.Add(_store.Move(index));
        codes.Reverse();
        var protocol = new Protocol(_rules, _bounds, forgetful: false);
        var world = protocol.First();
        var moves = new Moves();
        var trace = new List<(Move, World)>();
        foreach (var code in codes)
        {
            protocol.Explore(world, moves);
            world = moves.World(moves.Find(code));
            trace.Add((Move.FromCode(code), world));
        }
        return trace;
    }

    private void Run(Protocol protocol, int mostStates)
    {
        Span<ulong> packed = stackalloc ulong[World.PackedWords];
        var moves = new Moves();
        protocol.First().Pack(packed);
        _store.Add(packed, -1, 0);
        for (var index = 0; index < _store.Count; index++)
        {
            if (_store.Count > mostStates)
                return;
            World.Unpack(_store.Words(index), out var world);
            protocol.Explore(world, moves);
            Transitions += moves.Count;
            for (var i = 0; i < moves.Count; i++)
            {
                _taken[moves.Code(i) >> 3]++;
                if (moves.Broken(i) != Guarantee.None)
                {
                    (_last, _lastMove, Broken) = (index, moves.Code(i), moves.Broken(i));
                    return;
                }
                moves.World(i).Pack(packed);
                _store.Add(packed, index, moves.Code(i));
            }
        }
        Complete = true;
    }
}
