using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Activation;

/// <summary>A scoped service, which notes under its id that it was disposed of.</summary>
public sealed class Loan(StageDoor door) : IDisposable
{
    public Guid Id { get; } = Guid.NewGuid();

    public void Dispose() => door.Stage.Note($"{Id}", "given back");
}
