using System.Reflection;

namespace Orleans;

/// <summary>A call on its way into a grain or an observer of this host.</summary>
public interface IIncomingGrainCallContext : IGrainCallContext
{
    /// <summary>The activation that is called. That of an observer has an identity and nothing more.</summary>
    IGrainContext TargetContext { get; }

    /// <summary>The method of the class that runs.</summary>
    MethodInfo ImplementationMethod { get; }
}
