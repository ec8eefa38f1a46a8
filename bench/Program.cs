using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using OrleansCache.Bench.Calls;
using OrleansCache.Bench.Leases;
using OrleansCache.Bench.Steady;

// dotnet run -c Release --project bench -- --filter '*'     what runs within one process
// dotnet run -c Release --project bench -- calls            calls between processes, beside Redis
// dotnet run -c Release --project bench -- leases           edits that near caches hold, and their hits, in one process
// dotnet run -c Release --project bench -- steady near 30   catalog queries and near hits of an even load, for 30 minutes ("far": without near caches)
switch (args)
{
    case ["calls", ..]:
        await CallsProgram.RunAsync(args[1..]);
        break;
    case ["leases"]:
        await LeasesProgram.RunAsync();
        break;
    case ["steady", ..]:
        await SteadyProgram.RunAsync(args[1..]);
        break;
    case [BenchSilo.Command, ..]:
        await BenchSilo.RunAsync(args[1..]);
        break;
    default:
        // In this process: the switch between the engines is not known to the projects that BenchmarkDotNet would generate.
        var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance));
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
        break;
}
