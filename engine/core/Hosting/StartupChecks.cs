using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Runtime.Placement;
using OrleansCache.Engine.Activation;
using OrleansCache.Engine.References;
using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.Hosting;

/// <summary>What a silo refuses to start with.</summary>
internal static class StartupChecks
{
    /// <exception cref="OrleansConfigurationException">Something is configured or declared in a way that cannot work; the message names it.</exception>
    public static void Check(GrainCollectionOptions collection, GrainClasses classes, WireSerializer serializer, ShapeCatalog shapes, IServiceProvider services)
    {
        CheckCollection(collection);
        CheckTypes(classes, serializer);
        foreach (var type in classes.Interfaces) shapes.Get(type);
        CheckPlacement(classes, services);
        shapes.Filters.Prepare();
    }

    private static void CheckCollection(GrainCollectionOptions options)
    {
        if (options.CollectionQuantum <= TimeSpan.Zero) throw new OrleansConfigurationException($"{nameof(options.CollectionQuantum)} is {options.CollectionQuantum}. Set it to more than zero.");
        CheckAge(nameof(options.CollectionAge), options.CollectionAge, options);
        foreach (var (name, age) in options.ClassSpecificCollectionAge) CheckAge($"{nameof(options.ClassSpecificCollectionAge)} of {name}", age, options);
    }

    private static void CheckAge(string name, TimeSpan age, GrainCollectionOptions options)
    {
        if (age <= options.CollectionQuantum) throw new OrleansConfigurationException($"{name} is {age}. Set it to more than {nameof(options.CollectionQuantum)}, which is {options.CollectionQuantum}.");
    }

    private static void CheckTypes(GrainClasses classes, WireSerializer serializer)
    {
        var problems = new List<string>();
        foreach (var method in classes.Interfaces.SelectMany(type => new InterfaceContract(type).Methods))
        {
            if (method.Objection() is { } objection) problems.Add(objection);
            var types = method.HasResult ? method.ArgumentTypes.Append(method.ResultType) : method.ArgumentTypes;
            problems.AddRange(types.SelectMany(serializer.Verify).Select(reason => $"{method.FullName}: {reason}"));
        }

        if (problems.Count > 0) throw new OrleansConfigurationException($"Some types of grain interfaces cannot be sent:{Environment.NewLine}{string.Join(Environment.NewLine, problems.Distinct())}");
    }

    private static void CheckPlacement(GrainClasses classes, IServiceProvider services)
    {
        // Asking for the directors makes those that cannot be made fail now rather than at the first call.
        foreach (var strategy in classes.All.Select(found => found.Placement?.GetType()).OfType<Type>().Distinct()) services.GetKeyedService<IPlacementDirector>(strategy);
    }
}
