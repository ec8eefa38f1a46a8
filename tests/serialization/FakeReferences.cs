using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.Internals.Tests;

/// <summary>References are named things here.</summary>
internal sealed class FakeReferences : IReferenceCodec
{
    public bool IsReferenceInterface(Type type) => type.IsInterface && type.IsAssignableTo(typeof(INamed));

    public string GetIdentity(object reference) => reference is Named named
        ? named.Name
        : throw new ArgumentException($"A {reference.GetType()} is no reference.", nameof(reference));

    public object CreateReference(Type interfaceType, string identity) => new Named(identity);

    internal interface INamed
    {
        string Name { get; }
    }

    internal sealed record Named(string Name) : INamed;

    internal sealed class Impostor : INamed
    {
        public string Name => "I am the observer itself";
    }
}
